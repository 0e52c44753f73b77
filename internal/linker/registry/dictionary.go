package registry

import "iter"

// Dictionary finds every occurrence of many patterns in a text, overlapping
// ones included. It is a trie whose edges share one open-addressed hash table,
// so that building it costs one insertion a code point and a step costs one
// probe. It is immutable and safe for concurrent use.
type Dictionary struct {
	// Edge table: keys are node<<21|code point, plus one; zero is free.
	keys []uint64
	next []uint32
	// ends holds for each node the ID of the pattern that ends there, plus
	// one; zero is none. Node 0 is the root.
	ends []uint32
}

// Match is one occurrence of a pattern: text[From:To] is pattern ID.
type Match struct{ From, To, ID int }

// Build returns a dictionary of the patterns; a pattern's ID is its index, of
// equal patterns the first one's. Empty patterns match nothing. Patterns must
// be folded the same way as the texts that are searched.
func Build(patterns []string) *Dictionary {
	runes := 0
	for _, p := range patterns {
		runes += len(p) / 2 // most are three bytes a code point, and share prefixes
	}
	size := 16
	for size < runes {
		size *= 2
	}
	d := &Dictionary{keys: make([]uint64, size), next: make([]uint32, size), ends: make([]uint32, 1, runes+1)}
	for id, p := range patterns {
		node := uint32(0)
		for _, r := range p {
			node = d.child(node, r)
		}
		if node != 0 && d.ends[node] == 0 {
			d.ends[node] = uint32(id) + 1
		}
	}
	return d
}

func edge(node uint32, r rune) uint64 { return uint64(node)<<21 | uint64(r) + 1 }

// slot is where the edge is, or would be.
func (d *Dictionary) slot(key uint64) int {
	mask := uint64(len(d.keys) - 1)
	i := key * 0x9e3779b97f4a7c15 >> 20 & mask
	for d.keys[i] != 0 && d.keys[i] != key {
		i = (i + 1) & mask
	}
	return int(i)
}

// child is the node after an edge, made if need be.
func (d *Dictionary) child(node uint32, r rune) uint32 {
	if len(d.ends)*2 > len(d.keys) {
		d.grow()
	}
	key := edge(node, r)
	i := d.slot(key)
	if d.keys[i] == 0 {
		d.keys[i], d.next[i] = key, uint32(len(d.ends))
		d.ends = append(d.ends, 0)
	}
	return d.next[i]
}

func (d *Dictionary) grow() {
	keys, next := d.keys, d.next
	d.keys, d.next = make([]uint64, 2*len(keys)), make([]uint32, 2*len(keys))
	for i, key := range keys {
		if key != 0 {
			j := d.slot(key)
			d.keys[j], d.next[j] = key, next[i]
		}
	}
}

// step follows one edge; ok is false if there is none.
func (d *Dictionary) step(node uint32, r rune) (_ uint32, ok bool) {
	i := d.slot(edge(node, r))
	return d.next[i], d.keys[i] != 0
}

// Lookup is the ID of the pattern that equals s.
func (d *Dictionary) Lookup(s string) (id int, ok bool) {
	node := uint32(0)
	for _, r := range s {
		if node, ok = d.step(node, r); !ok {
			return 0, false
		}
	}
	return int(d.ends[node]) - 1, d.ends[node] != 0
}

// FindAll yields every occurrence of every pattern in text, ordered by From,
// then To.
func (d *Dictionary) FindAll(text []rune) iter.Seq[Match] {
	return func(yield func(Match) bool) {
		for from := range text {
			for m := range d.FindAt(text, from) {
				if !yield(m) {
					return
				}
			}
		}
	}
}

// FindAt yields every pattern that text has at from, shortest first.
func (d *Dictionary) FindAt(text []rune, from int) iter.Seq[Match] {
	return func(yield func(Match) bool) {
		node := uint32(0)
		for to := from; to < len(text); to++ {
			var ok bool
			if node, ok = d.step(node, text[to]); !ok {
				return
			}
			if id := d.ends[node]; id != 0 && !yield(Match{from, to + 1, int(id) - 1}) {
				return
			}
		}
	}
}
