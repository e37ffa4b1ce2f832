package analyzer

import (
	"path"
	"sort"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/effect"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// index is what the instructions of a stage do to its files, by path. It grows with the stage, and each look-up reads only what lies on
// the way to its path, so that thousands of instructions can be asked about thousands of files.
type index struct {
	stage *Stage
	// So many steps of the stage itself are in it, and so many commands of the next one.
	steps, commands int
	places          map[string]*place
	room            []place // for those that come next
	// wide are the events that may concern any path, in order, for each bit of effect.Reach.
	wide [8][]*event
	// users are the users that commands make, in order, and passwd the steps that may put another list of users there.
	users  []*event
	passwd []*Step
	// found are the answers for the finished stage.
	found map[string]Answer
}

// place is what the index knows of a path, whether something happens to it or it was asked for.
type place struct {
	path  string
	above *place // nil for the root directory
	// at are the events on the path, in order; below those on paths below it.
	at, below []*event
	reach     effect.Reach // what a command must be able to do to put something there
	asked     bool         // whether the base image has it: then presence and shape are the answer
	presence  Presence
	shape     Shape
}

// place finds or makes the place of a path.
func (ix *index) place(p string) *place {
	if known := ix.places[p]; known != nil {
		return known
	}
	if len(ix.room) == 0 {
		ix.room = make([]place, 16)
	}
	made := &ix.room[0]
	ix.room = ix.room[1:]
	made.path = p
	if p != "/" && p != "." {
		made.above = ix.place(path.Dir(p))
	}
	made.reach = made.reachOf()
	ix.places[p] = made
	return made
}

// imageHas is Stage.imageHas, asked once.
func (ix *index) imageHas(at *place) Answer {
	if !at.asked {
		a := ix.stage.imageHas(at.path)
		at.asked, at.presence, at.shape = true, a.Presence, a.Shape
	}
	return Answer{Presence: at.presence, Shape: at.shape}
}

// moment is a point of a stage: the number of a step in its upper half, of a command in the lower one.
type moment int64

func (step *Step) begin() moment { return moment(step.Index) << 32 }
func (s *Stage) end() moment     { return moment(len(s.Steps)) << 32 }

// begin is the point at which a command runs.
func (c *Command) begin() moment { return c.Step.begin() + moment(c.number) + 1 }

// event is one thing that is done, or may be done, to a path.
type event struct {
	when    moment
	step    *Step
	command *Command
	copy    *Copy // the event is a COPY to the path
	effect  effect.Effect
}

func (s *Stage) index() *index {
	if s.ix == nil {
		s.ix = &index{stage: s, places: map[string]*place{}}
	}
	s.ix.extend()
	return s.ix
}

// extend reads what is new. Of a stage that is still being read the last instruction is left to the next call, but for the commands of its
// RUN that are whole: the last one may be asking.
func (ix *index) extend() {
	s := ix.stage
	for ; ix.steps < len(s.Steps); ix.steps, ix.commands = ix.steps+1, 0 {
		step := s.Steps[ix.steps]
		growing := ix.steps == len(s.Steps)-1 && !s.complete()
		whole := len(step.Commands)
		if growing {
			whole--
		}
		for ; ix.commands < whole; ix.commands++ {
			ix.command(step.Commands[ix.commands])
		}
		if growing {
			return
		}
		ix.step(step)
	}
}

// step takes what a whole instruction does, beside the commands of a RUN.
func (ix *index) step(step *Step) {
	e := event{when: step.begin(), step: step}
	if step.Instruction.Keyword == "ONBUILD" || step.Copy != nil && step.Copy.Dest.IsKnown() && Under(step.Copy.Dest.Text, "/etc/passwd") {
		ix.passwd = append(ix.passwd, step)
	}
	switch in := step.Instruction; {
	case in.Keyword == "WORKDIR":
		if dir := step.afterWorkdir(); dir != "" {
			e.effect = effect.Effect{Verb: effect.MakesDir, Path: path.Clean(dir)}
			ix.put(e)
		}
	case step.Copy != nil:
		ix.copied(step)
	case in.Keyword != "RUN":
	case step.Unreadable != "":
		ix.widen(effect.Anything, e)
	default:
		for _, file := range step.blockRedirects() {
			ix.block(step, file)
		}
	}
}

// copied takes a COPY or ADD.
func (ix *index) copied(step *Step) {
	c := step.Copy
	e := event{when: step.begin(), step: step, copy: c}
	if !c.Dest.IsKnown() {
		ix.widen(effect.AnyFile|effect.AnyProgram, e)
		return
	}
	e.effect.Path = c.Dest.Text
	ix.put(e)
	if c.From == nil && !c.FromContext() && Under(c.Dest.Text, "/usr") {
		ix.widen(effect.AnyUser, e)
	}
}

// command takes a command of a RUN. What it does below a mount does not outlive the RUN.
func (ix *index) command(c *Command) {
	done := c.Effects
	e := event{when: c.begin(), step: c.Step, command: c}
	for _, x := range done.List {
		if x.Verb == effect.MakesUser {
			ix.users = append(ix.users, &event{when: e.when, step: c.Step, command: c, effect: x})
			continue
		}
		if c.Step.mountedOver(x.Path) {
			continue
		}
		x.Doubtful = x.Doubtful || !c.Shell.Certain
		e.effect = x
		ix.put(e)
	}
	e.effect = effect.Effect{}
	if done.Reach != 0 {
		ix.widen(done.Reach, e)
	}
}

// block takes the redirection of a whole block, a loop or a subshell, which belongs to none of its commands.
func (ix *index) block(step *Step, file string) {
	e := event{when: step.begin() + moment(len(step.Commands)), step: step}
	file = strings.Trim(file, `"'`)
	p := step.Before.Abs(env.Of(file))
	if strings.Contains(file, "$") || !p.IsKnown() {
		ix.widen(effect.AnyFile, e)
		return
	}
	e.effect = effect.Effect{Verb: effect.WritesFile, Path: p.Text, Doubtful: true}
	ix.put(e)
	for _, c := range step.Commands { // a cd may lie between
		if q := c.State.Abs(env.Of(file)); q.IsKnown() && q.Text != e.effect.Path {
			e.effect.Path = q.Text
			ix.put(e)
		}
	}
}

func (ix *index) put(e event) {
	at := ix.place(e.effect.Path)
	at.at = append(at.at, &e)
	for at = at.above; at != nil; at = at.above {
		at.below = append(at.below, &e)
	}
}

func (ix *index) widen(reach effect.Reach, e event) {
	for bit := range ix.wide {
		if reach&(1<<bit) != 0 {
			ix.wide[bit] = append(ix.wide[bit], &e)
		}
	}
}

// last is the latest event before a moment that may have done one of the things that reach names.
func (ix *index) last(reach effect.Reach, before moment) (latest *event, ok bool) {
	for bit, list := range ix.wide {
		if reach&(1<<bit) == 0 {
			continue
		}
		if i := earlierThan(list, before); i > 0 && (!ok || list[i-1].when > latest.when) {
			latest, ok = list[i-1], true
		}
	}
	return latest, ok
}

// earlierThan is how many of the events lie before a moment.
func earlierThan(list []*event, before moment) int {
	return sort.Search(len(list), func(i int) bool { return list[i].when >= before })
}

// search is one look-up: it follows copies through stages, and gives up where they are too many.
type search struct {
	within *Command // the command that asks: commands of its own RUN that a loop may bring first count too
	steps  int
	depth  int
}

// maxSearch is how many stages and copies one look-up follows; real files need a handful.
const (
	maxSearch = 2000
	maxDepth  = 40
)

// reach is up to where events count for one who asks at a moment: a loop or a function can bring later commands of its RUN first.
func (q *search) reach(before moment) moment {
	if c := q.within; c != nil && c.Step.Script != nil && (len(c.Step.Script.Loops) > 0 || len(c.Step.functions) > 0) {
		return c.Step.begin() + 1<<32
	}
	return before
}

// mayComeFirst tells whether a later event of the same RUN may happen before the command that asks.
func (q *search) mayComeFirst(e *event) bool {
	return e.command != nil && e.command != q.within && !e.command.Shell.Certain
}

func (q *search) tooLong() bool {
	q.steps++
	return q.steps > maxSearch || q.depth > maxDepth
}

// find tells whether p is there at a moment of the stage.
func (ix *index) find(p string, before moment, q *search) Answer {
	s := ix.stage
	finished := q.within == nil && before == s.end() && s.complete()
	if finished {
		if a, ok := ix.found[p]; ok {
			return a
		}
	}
	if q.tooLong() {
		return Answer{}
	}
	q.depth++
	a := ix.look(p, before, q)
	q.depth--
	if finished {
		if ix.found == nil {
			ix.found = map[string]Answer{}
		}
		ix.found[p] = a
	}
	return a
}

func (ix *index) look(p string, before moment, q *search) Answer {
	result := Answer{Presence: No}
	doubt := func(e *event) {
		if result.Presence == No {
			result = Answer{Step: e.step, Command: e.command}
		}
	}
	gone := false // something may have removed it since
	at := ix.place(p)
	reach := at.reach
	for e := range at.backward(q.reach(before)) {
		if q.tooLong() {
			return Answer{}
		}
		if e.when >= before && !q.mayComeFirst(e) {
			continue
		}
		a, removed := e.says(p, ix, q)
		if e.makesEnvironment() && e.effect.Path != p {
			reach &^= effect.SystemFile // the distribution has no package with files there
		}
		if e.when >= before {
			if !removed && a.Presence != No {
				doubt(e)
			}
			continue
		}
		switch {
		case removed && e.effect.Doubtful:
			gone = true
		case removed:
			return ix.widened(result, reach, e.when, before)
		case a.Presence == Yes:
			if _, may := ix.after(effect.AnyRemoval, e.when, before); may || gone {
				a.Presence = Maybe
			}
			return a
		case a.Presence == Maybe:
			doubt(e)
		}
	}
	if result = ix.widened(result, reach, -1, q.reach(before)); result.Presence == Maybe {
		return result
	}
	base := ix.baseHas(at, q)
	if base.Presence == Yes {
		if _, may := ix.after(effect.AnyRemoval, -1, before); may || gone {
			base.Presence = Maybe
		}
	}
	return base
}

// makesEnvironment tells that the event is a virtual environment which is made.
func (e *event) makesEnvironment() bool {
	if e.command == nil || e.command.Installer == nil || e.effect.Verb != effect.WritesTree {
		return false
	}
	dir, _, ok := MadeVenv(e.command)
	return ok && dir == e.effect.Path
}

// widened is an answer with what may have been done after a moment by commands that do not say, where they can do one of the things that
// reach names.
func (ix *index) widened(a Answer, reach effect.Reach, since, before moment) Answer {
	if a.Presence != No {
		return a
	}
	if e, may := ix.after(reach, since, before); may {
		return Answer{Step: e.step, Command: e.command}
	}
	return a
}

func (ix *index) after(reach effect.Reach, since, before moment) (*event, bool) {
	e, ok := ix.last(reach, before)
	return e, ok && e.when > since
}

// reachOf is what a command must be able to do to put something to the place.
func (at *place) reachOf() effect.Reach {
	reach := effect.AnyFile
	if dir := at.above; dir != nil && (strings.HasSuffix(dir.path, "/bin") || strings.HasSuffix(dir.path, "/sbin")) {
		reach = effect.AnyProgram
	}
	if ospkg.SystemDir(at.path) {
		reach |= effect.SystemFile
	}
	return reach
}

// backward gives the events before a moment that concern the place, the latest first: those on it, on the directories around it, and on what
// lies below it.
func (at *place) backward(before moment) func(func(*event) bool) {
	return func(visit func(*event) bool) {
		var few [8][]*event
		lists := few[:0]
		add := func(list []*event) {
			if n := earlierThan(list, before); n > 0 {
				lists = append(lists, list[:n])
			}
		}
		add(at.at)
		add(at.below)
		for dir := at.above; dir != nil; dir = dir.above {
			add(dir.at)
		}
		for {
			latest, list := (*event)(nil), 0
			for i, l := range lists {
				if n := len(l); n > 0 && (latest == nil || l[n-1].when > latest.when) {
					latest, list = l[n-1], i
				}
			}
			if latest == nil {
				return
			}
			lists[list] = lists[list][:len(lists[list])-1]
			if !visit(latest) {
				return
			}
		}
	}
}

// brings tells whether the instruction itself puts p there, or may do so.
func (step *Step) brings(p string) Presence {
	ix := step.Stage.index()
	at := ix.place(p)
	result := No
	for e := range at.backward(step.begin() + 1<<32) {
		if e.step != step {
			if e.when < step.begin() {
				break
			}
			continue
		}
		switch a, removed := e.says(p, ix, &search{}); {
		case removed || a.Presence == No:
		case a.Presence == Yes:
			return Yes
		default:
			result = Maybe
		}
	}
	if e, ok := ix.last(at.reach, step.begin()+1<<32); result == No && ok && e.when >= step.begin() {
		return Maybe
	}
	return result
}

func (step *Step) afterWorkdir() string {
	if step.Index+1 < len(step.Stage.Steps) {
		return step.Stage.Steps[step.Index+1].Before.Workdir.Text
	}
	return step.Stage.After.Workdir.Text
}

// blockRedirects are the words that name the files which a RUN writes the output of a whole block, a loop or a subshell to:
// `{ echo a; echo b; } > file`. Such a redirection belongs to none of its commands.
func (step *Step) blockRedirects() []string {
	text := step.Stage.build.File.Text(step.Instruction.Span)
	if !mayEndBlock(text) {
		return nil
	}
	var files []string
	for _, m := range blockRedirect.FindAllStringSubmatch(text, -1) {
		files = append(files, m[1])
	}
	return files
}

// mayEndBlock tells whether a redirection follows the end of a block, perhaps: few do, and the pattern is slow to find none.
func mayEndBlock(text string) bool {
	for before, after, found := strings.Cut(text, ">"); found; before, after, found = strings.Cut(after, ">") {
		if before = strings.TrimRight(before, " \t\r\n\\"); before != "" && strings.ContainsAny(before[len(before)-1:], "})eic") {
			return true
		}
	}
	return false
}

var blockRedirect = pattern.New(`(?:[})]|\bdone|\bfi|\besac)\s*(?:\\\s*)*>>?\|?\s*([^\s;&|]+)`)
