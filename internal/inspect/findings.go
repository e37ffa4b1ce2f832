package inspect

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Finding is something that is wrong with an image. Codes are of the rule that says it, the best first: a program that does
// not know the first takes the next.
type Finding struct {
	Codes   []string
	Layer   int    // index of the layer that brought it; -1 for what the configuration says
	Path    string // absolute, of the file that it is about; "" for the configuration
	Message string // one sentence without a full stop
	Bytes   int64  // what it weighs, 0 for what is no matter of weight
	// Advice lowers an error to a warning, a warning to advice: it is true of the image, and may not matter to what starts.
	Advice bool
}

// small is what is not worth a finding, in bytes.
const small = 500_000

// Findings are all that is wrong, in the order: what does not start, what will fail, what weighs.
func (s *System) Findings() []Finding { return append(s.failures(), s.wasteFindings()...) }

func (s *System) failures() []Finding {
	start := s.Start()
	var list []Finding
	for _, f := range start.Faults {
		list = append(list, s.startFinding(start, f))
	}
	for _, f := range s.Health().Faults {
		list = append(list, s.at(f.Path, Finding{Codes: []string{"PLD512"}, Message: "the health check fails: " + f.Message}))
	}
	return append(list, s.environmentFindings(start)...)
}

// faultCodes are the rules that a fault of the start command belongs to.
var faultCodes = map[FaultKind][]string{
	NoUser: {"PLD510"}, NotFound: {"PLD509"}, NotExecutable: {"PLD513", "PLD509"}, NoInterpreter: {"PLD513", "PLD509"},
	CarriageRet: {"PLD513", "PLD509"}, NoModule: {"PLD117"}, BrokenVenv: {"PLD109"}, Barred: {"PLD106"},
	WrongMachine: {"PLD131", "PLD108"}, NotProgram: {"PLD513", "PLD509"},
}

// at gives a finding the place of a file, where that is one of the image.
func (s *System) at(name string, f Finding) Finding {
	f.Layer = -1
	if file, err := s.Image.Lstat(name); err == nil && path.IsAbs(name) {
		f.Layer, f.Path = file.Layer, file.Path()
	}
	return f
}

func (s *System) startFinding(start *Start, f Fault) Finding {
	found := s.at(f.Path, Finding{Codes: faultCodes[f.Kind], Message: notStarting + f.Message})
	switch {
	case f.Kind == NoModule && s.elsewhere(f):
		found.Codes = []string{"PLD128", "PLD117"}
	case f.Kind == NoModule:
		for _, dir := range s.unsearched(start.Identity) {
			if s.Imports([]string{dir}, f.Module) {
				found.Codes = s.unsearchedCodes(dir)
				found.Message += ": " + dir + " has it"
				break
			}
		}
	case f.Kind == NoInterpreter && path.Base(path.Dir(f.Path)) == "bin" && !s.isELF(f.Path):
		found.Codes = []string{"PLD109"} // a console script
	case f.Kind == BrokenVenv && strings.Contains(f.Message, "/uv/python"):
		found.Codes = []string{"PLD607"}
	}
	return found
}

func (s *System) isELF(name string) bool {
	file, err := s.Image.Stat(name)
	return err == nil && file.ELF != nil
}

// elsewhere tells whether another environment of the image has the module that the start command lacks.
func (s *System) elsewhere(f Fault) bool {
	for _, e := range s.Environments() {
		if s.Imports(e.Site, f.Module) {
			return true
		}
	}
	return false
}

// environmentFindings are about the packages that the start command's interpreter sees, or, where it has none, those of
// every environment.
func (s *System) environmentFindings(start *Start) []Finding {
	var list []Finding
	environments := s.Environments()
	if start.Environment != nil {
		environments = []*Environment{start.Environment}
	}
	seen := map[string]bool{}
	for _, e := range environments {
		dirs := s.SearchOf(e, start.Identity)
		for _, f := range slices.Concat(s.libraryFindings(dirs), s.moduleFindings(e, dirs), s.requirementFindings(e, dirs), s.editableFindings(dirs)) {
			f.Advice = f.Advice || start.Environment == nil
			if !seen[f.Path+f.Message] {
				seen[f.Path+f.Message] = true
				list = append(list, f)
			}
		}
	}
	for _, e := range s.Environments() {
		if e.Broken != "" && !slices.ContainsFunc(start.Faults, func(f Fault) bool { return f.Kind == BrokenVenv }) {
			list = append(list, s.brokenFinding(e))
		}
	}
	return append(list, s.unsearchedFindings(start)...)
}

func (s *System) brokenFinding(e *Environment) Finding {
	f := Finding{Codes: []string{"PLD109"}, Layer: -1, Path: e.Program, Message: "the virtual environment " + e.Prefix + " can't be used: " + e.Broken, Advice: true}
	if strings.Contains(e.Broken, "/uv/python") {
		f.Codes = []string{"PLD607"}
	}
	if file, err := s.Image.Lstat(e.Program); err == nil {
		f.Layer = file.Layer
	}
	return f
}

// libraryFindings names each library once for a distribution, with the files that need it.
func (s *System) libraryFindings(dirs []string) []Finding {
	type key struct{ owner, library string }
	var order []key
	files := map[key][]MissingLibrary{}
	for _, m := range s.MissingLibraries(dirs) {
		k := key{"", m.Library + m.Version + m.Foreign}
		if m.Distribution != nil {
			k.owner = m.Distribution.Name
		}
		if files[k] == nil {
			order = append(order, k)
		}
		files[k] = append(files[k], m)
	}
	var list []Finding
	for _, k := range order {
		m := files[k][0]
		name := k.owner
		if name == "" {
			name = m.File.Path()
		} else {
			name += "'s " + m.File.Name()
		}
		f := Finding{Codes: []string{"PLD115"}, Layer: m.File.Layer, Path: m.File.Path()}
		switch {
		case m.Foreign != "":
			f.Codes = []string{"PLD108"}
			f.Message = fmt.Sprintf("%s was built for %s, and this image has another C library: importing it fails", name, m.Foreign)
		case m.Version != "":
			f.Codes = []string{"PLD108"}
			f.Message = fmt.Sprintf("%s needs %s of %s, and this image has up to %s: importing it fails", name, m.Version, m.Library, m.Has)
		default:
			f.Message = fmt.Sprintf("%s needs %s, which nothing in the image provides: importing it fails", name, m.Library)
		}
		if n := len(files[k]) - 1; n > 0 {
			f.Message += fmt.Sprintf(" (and %d more of its files)", n)
		}
		list = append(list, f)
	}
	return list
}

func (s *System) moduleFindings(e *Environment, dirs []string) []Finding {
	var list []Finding
	seen := map[string]bool{}
	for _, m := range s.ForeignModules(dirs, e.Version) {
		name := m.File.Name()
		if m.Distribution != nil {
			if seen[m.Distribution.Name] {
				continue
			}
			seen[m.Distribution.Name] = true
			name = m.Distribution.Name + "'s " + name
		}
		list = append(list, Finding{
			Codes: []string{"PLD107"}, Layer: m.File.Layer, Path: m.File.Path(),
			Message: fmt.Sprintf("%s was built for Python %s, and %s is Python %s: importing it fails", name, m.Version, e.Program, e.Version),
		})
	}
	return list
}

// requirementFindings gives one finding for what a distribution lacks, and for all that lack the same.
func (s *System) requirementFindings(e *Environment, dirs []string) []Finding {
	if e.Opaque || e.Library == "" {
		return nil // more may be found than can be seen
	}
	lacking := map[*Distribution][]string{}
	var order []*Distribution
	for _, m := range s.MissingRequirements(e, dirs) {
		if lacking[m.By] == nil {
			order = append(order, m.By)
		}
		lacking[m.By] = append(lacking[m.By], m.Text)
	}
	alike := map[string][]*Distribution{}
	var list []Finding
	for _, d := range order {
		key := strings.Join(lacking[d], "\n")
		alike[key] = append(alike[key], d)
	}
	for _, d := range order {
		same := alike[strings.Join(lacking[d], "\n")]
		if same[0] != d {
			continue
		}
		who := d.Name + " " + d.Version
		if n := len(same) - 1; n > 0 {
			who += fmt.Sprintf(" (and %d more)", n)
		}
		list = append(list, Finding{
			Codes: []string{"PLD701"}, Layer: d.Info.Layer, Path: d.Info.Path(),
			Message: fmt.Sprintf("%s declares that it needs %s, which %s does not find", who, names(lacking[d]), e.Program),
		})
	}
	return list
}

func (s *System) editableFindings(dirs []string) []Finding {
	var list []Finding
	for _, dir := range dirs {
		for _, d := range s.DistributionsIn(dir) {
			if d.Editable == "" {
				continue
			}
			if _, err := s.Image.Stat(d.Editable); err != nil {
				list = append(list, Finding{
					Codes: []string{"PLD116"}, Layer: d.Info.Layer, Path: d.Info.Path(),
					Message: fmt.Sprintf("%s is an editable install of %s, which is not in the image: importing it fails", d.Name, d.Editable),
				})
			}
		}
	}
	return list
}

// unsearchedFindings are about directories of packages that no interpreter of the image searches. Where the start command
// fails already, they say no more than that.
func (s *System) unsearchedFindings(start *Start) []Finding {
	if len(start.Faults) > 0 {
		return nil
	}
	var list []Finding
	for _, dir := range s.unsearched(start.Identity) {
		distributions := s.DistributionsIn(dir)
		f := Finding{Codes: s.unsearchedCodes(dir), Layer: distributions[0].Info.Layer, Path: dir, Advice: start.Environment == nil}
		f.Message = fmt.Sprintf("%s has %s, and no interpreter of the image searches it", dir, count(len(distributions), "distribution"))
		if f.Codes[0] == "PLD107" {
			f.Message = fmt.Sprintf("%s has %s for Python %s, which the image does not have", dir, count(len(distributions), "distribution"), versionOf(dir))
		}
		list = append(list, f)
	}
	return list
}

// unsearched are the directories with distributions that no interpreter searches.
func (s *System) unsearched(id Identity) []string {
	searched := map[string]bool{}
	for _, e := range s.Environments() {
		for _, dir := range slices.Concat(s.SearchOf(e, id), e.Site) {
			searched[dir] = true
		}
	}
	if len(s.Environments()) == 0 {
		return nil
	}
	var dirs []string
	for dir := range s.Image.Root().All() {
		if !dir.IsDir() || !isSite(dir.Path()) || searched[dir.Path()] || s.private(dir.Path()) {
			continue
		}
		if slices.ContainsFunc(s.DistributionsIn(dir.Path()), func(d *Distribution) bool { return !packaging[d.Name] }) {
			dirs = append(dirs, dir.Path())
		}
	}
	return dirs
}

// unsearchedCodes are those of packages for a Python that the image does not have, or of a directory that nobody searches.
func (s *System) unsearchedCodes(dir string) []string {
	version := versionOf(dir)
	if version != "" && !slices.ContainsFunc(s.Environments(), func(e *Environment) bool { return e.Version == version }) {
		return []string{"PLD107"}
	}
	return []string{"PLD129", "PLD117"}
}

// versionOf is the version of Python that a directory of packages is for, "" where its path does not say.
func versionOf(dir string) string {
	if m := versioned.FindStringSubmatch(path.Base(path.Dir(dir))); m != nil {
		return m[1]
	}
	return ""
}

// private tells whether a directory belongs to a program that brings its own interpreter or adds the directory itself.
func (s *System) private(dir string) bool {
	return strings.HasPrefix(dir, "/usr/share/") || strings.HasPrefix(dir, "/usr/lib/python3/") || strings.HasPrefix(dir, "/usr/lib/python3.") || strings.Contains(dir, "/.cache/") || strings.Contains(dir, "/pkgs/")
}

// count is "1 distribution", "2 distributions".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// wasteCodes are the rules that a kind of waste belongs to, and what it is called.
var wasteCodes = map[WasteKind]struct {
	codes []string
	text  string // %s are the size and what it is
}{
	InstallerCache: {[]string{"PLD205"}, "%s of an installer's cache in %s"},
	CondaCache:     {[]string{"PLD609"}, "%s of conda's package cache in %s"},
	PackageLists:   {[]string{"PLD402"}, "%s of package lists and archives in %s"},
	BuildTools:     {[]string{"PLD111"}, "%s of build tools and headers: %s"},
	Rewritten:      {[]string{"PLD410", "PLD404"}, "%s stored again only to change owner, mode or time: %s"},
	Deleted:        {[]string{"PLD404"}, "%s deleted that an earlier layer still ships: %s"},
	Replaced:       {[]string{"PLD404"}, "%s replaced that an earlier layer still ships: %s"},
	Repository:     {[]string{"PLD306"}, "%s of the repository in %s"},
	Secrets:        {[]string{"PLD305"}, "%[2]s is in the image for everybody who can pull it"},
	Tests:          {[]string{"PLD307"}, "%s of tests in %s"},
	ByteCode:       {[]string{"PLD302"}, "%s of byte code beside the sources in %s"},
	StaleByteCode:  {[]string{"PLD703", "PLD302"}, "%s of byte code in %s that does not belong to the sources beside it: Python compiles them at every start"},
	Installers:     {[]string{"PLD608"}, "%s of installers that the running application does not need: %s"},
	OwnInstallers:  {[]string{"PLD127"}, "%s of installers beside the application's packages: %s"},
	Unstripped:     {[]string{"PLD704"}, "%s of debug symbols in libraries: %s"},
	Duplicated:     {[]string{"PLD705"}, "%s of a library that the image has twice: %s"},
}

// always are kinds that matter whatever they weigh.
var always = map[WasteKind]bool{Secrets: true, Repository: true, StaleByteCode: true}

func (s *System) wasteFindings() []Finding {
	var list []Finding
	for _, w := range s.Waste() {
		if w.Bytes < small && !always[w.Kind] {
			continue
		}
		what := w.Path
		switch w.Kind {
		case BuildTools, Installers, OwnInstallers, Rewritten, Deleted, Replaced, Unstripped, Duplicated:
			what = names(w.Names)
		}
		say := wasteCodes[w.Kind]
		list = append(list, Finding{Codes: say.codes, Layer: w.Layer, Path: w.Path, Message: fmt.Sprintf(say.text, Megabytes(w.Bytes), what), Bytes: w.Bytes})
	}
	return list
}

// names lists some.
func names(list []string) string {
	const shown = 4
	if len(list) > shown {
		return strings.Join(list[:shown], ", ") + fmt.Sprintf(" and %d more", len(list)-shown)
	}
	return strings.Join(list, ", ")
}

// Megabytes is a size as people say it: 78.5 MB, 0.4 MB, 12 kB.
func Megabytes(n int64) string {
	switch {
	case n >= 99_500_000:
		return fmt.Sprintf("%d MB", (n+500_000)/1_000_000)
	case n >= 100_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1000:
		return fmt.Sprintf("%d kB", n/1000)
	}
	return fmt.Sprintf("%d bytes", n)
}

// Wasted is what a build in several stages could leave behind, in bytes. Secrets are counted, debug symbols and duplicates
// are not: they come with the packages.
func Wasted(list []Waste) int64 {
	var sum int64
	for _, w := range list {
		if w.Kind != Unstripped && w.Kind != Duplicated {
			sum += w.Bytes
		}
	}
	return sum
}
