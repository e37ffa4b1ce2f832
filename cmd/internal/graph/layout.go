package graph

import (
	"slices"
	"sort"
)

// box is a rectangle that the layout places: a stage, an origin, or a bend of an edge that passes other boxes.
type box struct {
	layer   int
	x, y    float64
	w, h    float64
	key     string  // "" for a bend
	exit    float64 // where edges leave it, from its top; from its left where the picture goes down
	in, out []link
}

// link is one end of an edge as a box sees it.
type link struct {
	other *box
	// here and there are where the edge touches, from the top of each box.
	here, there float64
}

// wire is an edge to be laid out. To is at the port from the top of its box.
type wire struct {
	from, to *box
	port     float64
	bends    []*box // in the layers between
}

const (
	layerGap = 84.0
	boxGap   = 26.0
	exit     = 18.0 // where edges leave a box of a picture that goes to the right, from its top
)

// layout places boxes in columns from left to right, so that every wire goes to the right and few cross: layers by the
// longest path, order by barycentres, heights by least squares. It gives the size of the whole.
func layout(boxes []*box, wires []*wire) (width, height float64) {
	layers := columns(boxes, wires)
	sortLayers(layers)
	x := 0.0
	for _, layer := range layers {
		wide := 0.0
		for _, b := range layer {
			wide = max(wide, b.w)
		}
		for _, b := range layer {
			b.x = x
			if b.key == "" {
				b.w = wide
			} else if len(b.in) == 0 {
				b.x = x + wide - b.w // origins stand close to what they flow into
			}
		}
		x += wide + layerGap
	}
	width = x - layerGap
	placeLayers(layers)
	top := layers[0][0].y
	for _, layer := range layers {
		for _, b := range layer {
			top = min(top, b.y)
		}
	}
	for _, layer := range layers {
		for _, b := range layer {
			b.y -= top
			height = max(height, b.y+b.h)
		}
	}
	return width, height
}

// layoutDown places boxes in rows from top to bottom: the same as layout with the axes exchanged. Ports, which layout is told, are spread over
// the top of a box in the order in which its wires come.
func layoutDown(boxes []*box, wires []*wire) (width, height float64) {
	into := map[*box][]*wire{}
	for _, w := range wires {
		into[w.to] = append(into[w.to], w)
	}
	spread := func(list []*wire, along float64) {
		for i, w := range list {
			w.port = along * float64(i+1) / float64(len(list)+1)
		}
	}
	for _, b := range boxes {
		spread(into[b], b.w)
		b.w, b.h, b.exit = b.h, b.w, b.w/2
	}
	height, width = layout(boxes, wires)
	for _, w := range wires {
		for _, bend := range w.bends {
			if bend.key == "" { // wires of one pair share them
				bend.key = "turned"
				bend.x, bend.y, bend.w, bend.h = bend.y, bend.x, bend.h, bend.w
			}
		}
	}
	for _, b := range boxes {
		b.x, b.y, b.w, b.h = b.y, b.x, b.h, b.w
	}
	for _, list := range into {
		sort.SliceStable(list, func(i, j int) bool { return list[i].comesFrom() < list[j].comesFrom() })
		spread(list, list[0].to.w)
	}
	return width, height
}

// comesFrom is the place across the picture of the last point before the wire's end.
func (w *wire) comesFrom() float64 {
	if n := len(w.bends); n > 0 {
		return w.bends[n-1].x + w.bends[n-1].w/2
	}
	return w.from.x + w.from.exit
}

// columns gives each box its layer and puts bends into the layers that a wire passes. Wires go from earlier boxes to later
// ones, as stages can only use what stands above them.
func columns(boxes []*box, wires []*wire) [][]*box {
	// Origins have no wire to them: they are put directly before the first that takes from them.
	into := map[*box]bool{}
	for _, w := range wires {
		into[w.to] = true
	}
	for _, b := range boxes {
		if into[b] {
			b.layer = 1
		}
	}
	for range boxes {
		changed := false
		for _, w := range wires {
			if into[w.from] && w.to.layer <= w.from.layer {
				w.to.layer, changed = w.from.layer+1, true
			}
		}
		if !changed {
			break
		}
	}
	for _, b := range boxes {
		if into[b] {
			continue
		}
		first := -1
		for _, w := range wires {
			if w.from == b && (first < 0 || w.to.layer < first) {
				first = w.to.layer
			}
		}
		b.layer = max(first-1, 0)
	}
	last := 0
	for _, b := range boxes {
		last = max(last, b.layer)
	}
	layers := make([][]*box, last+1)
	for _, b := range boxes {
		layers[b.layer] = append(layers[b.layer], b)
	}
	passed := map[[2]*box][]*box{}
	for _, w := range wires {
		pair := [2]*box{w.from, w.to}
		bends, known := passed[pair]
		if !known {
			for layer := w.from.layer + 1; layer < w.to.layer; layer++ {
				bend := &box{layer: layer, h: 10}
				bends = append(bends, bend)
				layers[layer] = append(layers[layer], bend)
			}
			passed[pair] = bends
		}
		w.bends = bends
		connect(w, !known)
	}
	// A layer can only be empty when there is nothing in it to pass, and then nothing lies behind it.
	return slices.DeleteFunc(layers, func(l []*box) bool { return len(l) == 0 })
}

// connect links the boxes of a wire; the part that it shares with an earlier one is linked once.
func connect(w *wire, first bool) {
	at, out := w.from, w.from.exit
	for _, bend := range w.bends {
		if first {
			at.out = append(at.out, link{bend, out, bend.h / 2})
			bend.in = append(bend.in, link{at, bend.h / 2, out})
		}
		at, out = bend, bend.h/2
	}
	at.out = append(at.out, link{w.to, out, w.port})
	w.to.in = append(w.to.in, link{at, w.port, out})
}

// sortLayers orders the boxes of each layer so that few wires cross.
func sortLayers(layers [][]*box) {
	best, fewest := snapshot(layers), crossings(layers)
	for sweep := range 12 {
		if sweep%2 == 0 {
			for i := 1; i < len(layers); i++ {
				sortLayer(layers[i], layers[i-1], func(b *box) []link { return b.in })
			}
		} else {
			for i := len(layers) - 2; i >= 0; i-- {
				sortLayer(layers[i], layers[i+1], func(b *box) []link { return b.out })
			}
		}
		if n := crossings(layers); n < fewest {
			best, fewest = snapshot(layers), n
		}
	}
	for i := range layers {
		copy(layers[i], best[i])
	}
}

func snapshot(layers [][]*box) [][]*box {
	out := make([][]*box, len(layers))
	for i := range layers {
		out[i] = slices.Clone(layers[i])
	}
	return out
}

func sortLayer(layer, beside []*box, links func(*box) []link) {
	position := map[*box]float64{}
	for i, b := range beside {
		position[b] = float64(i)
	}
	own := map[*box]float64{}
	for i, b := range layer {
		sum, n := 0.0, 0.0
		for _, l := range links(b) {
			// The port decides between wires of one box.
			sum += position[l.other] + l.there/10000
			n++
		}
		if own[b] = float64(i); n > 0 {
			own[b] = sum / n
		}
	}
	sort.SliceStable(layer, func(i, j int) bool { return own[layer[i]] < own[layer[j]] })
}

func crossings(layers [][]*box) int {
	n := 0
	for i := range len(layers) - 1 {
		position := map[*box]float64{}
		for j, b := range layers[i+1] {
			position[b] = float64(j)
		}
		type ends struct{ from, to float64 }
		var all []ends
		for j, b := range layers[i] {
			for _, l := range b.out {
				all = append(all, ends{float64(j), position[l.other] + l.there/10000})
			}
		}
		for a := range all {
			for b := range a {
				if (all[a].from-all[b].from)*(all[a].to-all[b].to) < 0 {
					n++
				}
			}
		}
	}
	return n
}

// placeLayers finds heights: each box wants its wires level, and boxes of a layer keep their order and distance.
func placeLayers(layers [][]*box) {
	for _, layer := range layers {
		y := 0.0
		for _, b := range layer {
			b.y = y
			y += b.h + boxGap
		}
		for _, b := range layer {
			b.y -= (y - boxGap) / 2
		}
	}
	for round := range 24 {
		for i := range layers {
			if round%2 == 1 {
				i = len(layers) - 1 - i
			}
			place(layers[i])
		}
	}
}

// place moves the boxes of one layer to where they want to be, as far as they leave each other room: the least sum of squares
// under an order, found by pooling neighbours that want to overlap.
func place(layer []*box) {
	type pool struct {
		sum, weight float64
		n           int
	}
	var pools []pool
	offset := 0.0
	offsets := make([]float64, len(layer))
	for i, b := range layer {
		want, weight := wish(b)
		offsets[i] = offset
		pools = append(pools, pool{(want - offset) * weight, weight, 1})
		for len(pools) > 1 {
			last, before := pools[len(pools)-1], pools[len(pools)-2]
			if before.sum/before.weight <= last.sum/last.weight {
				break
			}
			pools = append(pools[:len(pools)-2], pool{last.sum + before.sum, last.weight + before.weight, last.n + before.n})
		}
		offset += b.h + boxGap
	}
	i := 0
	for _, p := range pools {
		for range p.n {
			layer[i].y = p.sum/p.weight + offsets[i]
			i++
		}
	}
}

// wish is where a box wants its top, and how much. Bends want most: a long wire should be straight.
func wish(b *box) (y, weight float64) {
	sum, n := 0.0, 0.0
	for _, links := range [][]link{b.in, b.out} {
		for _, l := range links {
			w := 1.0
			if b.key == "" && l.other.key == "" {
				w = 8
			}
			sum += w * (l.other.y + l.there - l.here)
			n += w
		}
	}
	if n == 0 {
		return b.y, 1
	}
	return sum / n, n
}
