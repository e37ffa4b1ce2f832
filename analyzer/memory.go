package analyzer

// memory keeps facts that are asked for more than once. It is the only place that does: a fact is known by its type and by what it is about.
type memory map[memoryKey]any

type memoryKey struct {
	subject any
	fact    any // the zero value of the fact's type
}

// Remember gives a fact about a subject of the build, found once. The fact must not change while the stage grows that it is about.
func Remember[Fact any](b *Build, subject any, find func() Fact) Fact {
	key := memoryKey{subject, (*Fact)(nil)}
	if fact, ok := b.memory[key]; ok {
		return fact.(Fact)
	}
	fact := find()
	if b.memory == nil {
		b.memory = memory{}
	}
	b.memory[key] = fact
	return fact
}
