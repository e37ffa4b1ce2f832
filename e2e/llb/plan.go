package llb

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/moby/buildkit/solver/pb"
	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

// plan is what BuildKit would do with a Dockerfile.
type plan struct {
	config map[string]string // settings of the image: "cmd", "user", "env NAME", "port 80/tcp", ...
	ops    []op              // in the order in which they are needed
}

// op is an operation: "source", "run" or "file".
type op struct {
	kind  string
	text  string            // the command, the files, the image
	parts map[string]string // of a run: "user", "workdir", "mount /x", "env NAME"
	below []op              // what it stands on, the nearest first
}

// convert asks BuildKit for the plan of the last stage, or of a target.
func convert(text []byte, target string, args map[string]string) (*plan, error) {
	ctx := context.Background()
	platform := ocispecs.Platform{OS: "linux", Architecture: "amd64"}
	caps := pb.Caps.CapSet(pb.Caps.All())
	result, err := dockerfile2llb.Dockerfile2LLB(ctx, text, dockerfile2llb.ConvertOpt{
		Config: dockerui.Config{Target: target, BuildArgs: args}, MetaResolver: tables{}, TargetPlatform: &platform, LLBCaps: &caps,
	})
	if err != nil {
		return nil, err
	}
	definition, err := result.State.Marshal(ctx, llb.LinuxAmd64)
	if err != nil {
		return nil, err
	}
	p := &plan{config: settings(&result.Image.Config)}
	p.ops, err = operations(definition)
	return p, err
}

func settings(c *dockerspec.DockerOCIImageConfig) map[string]string {
	all := map[string]string{
		"cmd": form(c.Cmd), "entrypoint": form(c.Entrypoint), "user": c.User, "workdir": c.WorkingDir, "stopsignal": c.StopSignal,
		"shell": form(c.Shell), "onbuild": form(c.OnBuild), "healthcheck": "",
	}
	if c.Healthcheck != nil {
		all["healthcheck"] = fmt.Sprintf("%q %v %v %v %d", c.Healthcheck.Test, c.Healthcheck.Interval, c.Healthcheck.Timeout, c.Healthcheck.StartPeriod, c.Healthcheck.Retries)
	}
	for _, entry := range c.Env {
		name, value, _ := strings.Cut(entry, "=")
		all["env "+name] = value
	}
	for port := range c.ExposedPorts {
		all["port "+port] = "exposed"
	}
	for volume := range c.Volumes {
		all["volume "+volume] = "there"
	}
	for name, value := range c.Labels {
		all["label "+name] = value
	}
	return all
}

func form(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return fmt.Sprintf("%q", words)
}

// operations reads a marshalled definition, whose operations come after those that they need.
func operations(definition *llb.Definition) ([]op, error) {
	known, done := map[string]*pb.Op{}, map[string]op{}
	var all []op
	for i, content := range definition.Def {
		var o pb.Op
		if err := o.UnmarshalVT(content); err != nil {
			return nil, err
		}
		name := digest.FromBytes(content).String()
		known[name] = &o
		if i == len(definition.Def)-1 {
			break // which only names the result
		}
		next := operation(&o, known)
		if len(o.Inputs) > 0 {
			under := done[o.Inputs[0].Digest]
			next.below = append([]op{under}, under.below...)
		}
		done[name] = next
		all = append(all, next)
	}
	return all, nil
}

func operation(o *pb.Op, known map[string]*pb.Op) op {
	if e := o.GetExec(); e != nil {
		return run(e, o, known)
	}
	if f := o.GetFile(); f != nil {
		var texts []string
		for _, action := range f.Actions {
			texts = append(texts, fileAction(action, o, known))
		}
		return op{kind: "file", text: strings.Join(texts, "; ")}
	}
	if s := o.GetSource(); s != nil {
		return op{kind: "source", text: s.Identifier}
	}
	return op{kind: fmt.Sprintf("%T", o.Op)}
}

func run(e *pb.ExecOp, o *pb.Op, known map[string]*pb.Op) op {
	r := op{kind: "run", text: strings.Join(e.Meta.Args, " "), parts: map[string]string{"user": e.Meta.User, "workdir": e.Meta.Cwd}}
	for _, entry := range e.Meta.Env {
		name, value, _ := strings.Cut(entry, "=")
		r.parts["env "+name] = value
	}
	for _, m := range e.Mounts {
		if m.Dest == "/" {
			continue
		}
		text := m.MountType.String() + " " + m.Selector
		if m.Input >= 0 {
			text += " from " + origin(o.Inputs[m.Input].Digest, known)
		}
		if m.CacheOpt != nil {
			text += " " + m.CacheOpt.ID + " " + m.CacheOpt.Sharing.String()
		}
		r.parts["mount "+m.Dest] = text
	}
	return r
}

func fileAction(action *pb.FileAction, o *pb.Op, known map[string]*pb.Op) string {
	if c := action.GetCopy(); c != nil {
		from := ""
		if i := int(action.SecondaryInput); i >= 0 && i < len(o.Inputs) {
			from = " from " + origin(o.Inputs[i].Digest, known)
		}
		more := ""
		if c.Owner != nil {
			more += fmt.Sprint(" owner ", c.Owner)
		}
		if c.Mode != -1 || c.ModeStr != "" {
			more += fmt.Sprint(" mode ", c.Mode, c.ModeStr)
		}
		if len(c.IncludePatterns)+len(c.ExcludePatterns) > 0 {
			more += fmt.Sprintf(" include %q exclude %q", c.IncludePatterns, c.ExcludePatterns)
		}
		return fmt.Sprintf("copy %s to %s%s%s", c.Src, c.Dest, more, from)
	}
	return strings.Join(strings.Fields(action.String()), " ")
}

// origin is the image or context that a chain of operations begins with.
func origin(digest string, known map[string]*pb.Op) string {
	for o := known[digest]; o != nil; o = known[digest] {
		if s := o.GetSource(); s != nil {
			return s.Identifier
		}
		if len(o.Inputs) == 0 {
			break
		}
		digest = o.Inputs[0].Digest
	}
	return "scratch"
}

// difference is one between two plans: what differs, such as "env PATH", "run" or "run user", and how.
type difference struct{ what, how string }

func (d difference) String() string { return d.what + ": " + d.how }

func compare(before, after *plan) []difference {
	list := values("", before.config, after.config)
	a, b := before.ops, after.ops
	for _, pair := range moved(a, b, align(a, b)) {
		switch i, j := pair[0], pair[1]; {
		case j < 0:
			list = append(list, difference{a[i].kind, a[i].text + " -> nothing"})
		case i < 0:
			list = append(list, difference{b[j].kind, "nothing -> " + b[j].text})
		default:
			if a[i].text != b[j].text {
				list = append(list, difference{a[i].kind, a[i].text + " -> " + b[j].text})
			}
			list = append(list, values(a[i].kind+" ", a[i].parts, b[j].parts)...)
		}
	}
	return list
}

func values(prefix string, before, after map[string]string) (list []difference) {
	keys := map[string]bool{}
	for key := range before {
		keys[key] = true
	}
	for key := range after {
		keys[key] = true
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if old, next := before[key], after[key]; old != next {
			list = append(list, difference{prefix + key, fmt.Sprintf("%s -> %s", old, next)})
		}
	}
	return list
}

// align pairs the operations of two chains in their order so that what is paired is as alike as can be; -1 stands for none.
func align(a, b []op) (pairs [][2]int) {
	best := make([][]float64, len(a)+1)
	for i := range best {
		best[i] = make([]float64, len(b)+1)
	}
	alike := make([][]float64, len(a))
	for i := len(a) - 1; i >= 0; i-- {
		alike[i] = make([]float64, len(b))
		for j := len(b) - 1; j >= 0; j-- {
			alike[i][j] = likeness(a[i], b[j])
			best[i][j] = max(best[i+1][j], best[i][j+1], best[i+1][j+1]+alike[i][j])
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch best[i][j] {
		case best[i+1][j+1] + alike[i][j]:
			if alike[i][j] > 0.9 || a[i].kind == "run" && b[j].kind == "run" {
				pairs = append(pairs, [2]int{i, j})
			} else {
				pairs = append(pairs, [2]int{i, -1}, [2]int{-1, j})
			}
			i, j = i+1, j+1
		case best[i+1][j]:
			pairs = append(pairs, [2]int{i, -1})
			i++
		default:
			pairs = append(pairs, [2]int{-1, j})
			j++
		}
	}
	for ; i < len(a); i++ {
		pairs = append(pairs, [2]int{i, -1})
	}
	for ; j < len(b); j++ {
		pairs = append(pairs, [2]int{-1, j})
	}
	return pairs
}

// moved joins what was taken away here and added there. Chains of several stages are written in the order in which the last one needs them, so
// that one may change its place among the others; within a chain an operation stands on the same as before, apart from what is gone or new.
func moved(a, b []op, pairs [][2]int) [][2]int {
	for p := range pairs {
		i := pairs[p][0]
		if i < 0 || pairs[p][1] >= 0 {
			continue
		}
		for q := range pairs {
			j := pairs[q][1]
			if pairs[q][0] >= 0 || j < 0 || !same(a[i], b[j]) {
				continue
			}
			if under, over := first(a[i].below, b), first(b[j].below, a); same(under, over) {
				pairs[p][1], pairs[q] = j, [2]int{-1, -1}
				break
			}
		}
	}
	return slices.DeleteFunc(pairs, func(pair [2]int) bool { return pair == [2]int{-1, -1} })
}

// first is the first of some operations that is also among others.
func first(some, others []op) op {
	for _, o := range some {
		if slices.ContainsFunc(others, func(other op) bool { return same(o, other) }) {
			return o
		}
	}
	return op{}
}

// same tells whether an operation is another, or what a fix made of it.
func same(a, b op) bool { return likeness(a, b) > 1.2 }

// likeness is 3 for the same operation, 0 for one of another kind, and grows with the words that both have.
func likeness(a, b op) float64 {
	switch {
	case a.kind != b.kind:
		return 0
	case a.text == b.text:
		return 3
	}
	words, common, all := map[string]bool{}, 0, 0
	for word := range strings.FieldsSeq(a.text) {
		if !ours[word] {
			words[word] = true
			all++
		}
	}
	for word := range strings.FieldsSeq(b.text) {
		if ours[word] {
			continue
		}
		if all++; words[word] {
			common += 2
		}
	}
	return 0.1 + 2*float64(common)/float64(max(all, 1))
}

// ours are the words that every text of a kind has.
var ours = map[string]bool{"copy": true, "to": true, "from": true, "/bin/sh": true, "-c": true}
