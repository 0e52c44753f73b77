package reuse

// automaton is a suffix automaton of several texts: it recognises every
// substring of each of them, in time linear in what it reads. Source: A. Blumer
// et al., "The Smallest Automaton Recognizing the Subwords of a Text",
// Theoretical Computer Science 40 (1985), 31-55; several texts are added one
// after another from the initial state.
type automaton struct {
	states []state
	next   map[edge]int32
	of     [][]edge // the edges out of each state, for copying it
}

type state struct {
	length int   // of its longest string
	link   int32 // the state of its longest suffix that is another state's
	first  place // where its strings first end
}

type edge struct {
	from int32
	r    rune
}

func newAutomaton() *automaton {
	return &automaton{states: []state{{link: -1}}, next: map[edge]int32{}, of: [][]edge{nil}}
}

func (a *automaton) new(s state) int32 {
	a.states, a.of = append(a.states, s), append(a.of, nil)
	return int32(len(a.states) - 1)
}

func (a *automaton) join(from int32, r rune, to int32) {
	e := edge{from, r}
	if _, ok := a.next[e]; !ok {
		a.of[from] = append(a.of[from], e)
	}
	a.next[e] = to
}

// add makes the automaton recognise the substrings of key, which is segment i.
func (a *automaton) add(i int, key []rune) {
	last := int32(0)
	for n, r := range key {
		last = a.extend(last, r, place{i, n + 1})
	}
}

// extend returns the state of the string of last with r behind it.
func (a *automaton) extend(last int32, r rune, end place) int32 {
	if q, ok := a.next[edge{last, r}]; ok {
		// An earlier text has the string.
		if a.states[q].length == a.states[last].length+1 {
			return q
		}
		return a.split(last, r, q)
	}
	current := a.new(state{length: a.states[last].length + 1, first: end})
	p := last
	for ; p >= 0; p = a.states[p].link {
		if _, ok := a.next[edge{p, r}]; ok {
			break
		}
		a.join(p, r, current)
	}
	switch {
	case p < 0:
		a.states[current].link = 0
	default:
		q := a.next[edge{p, r}]
		if a.states[q].length != a.states[p].length+1 {
			q = a.split(p, r, q)
		}
		a.states[current].link = q
	}
	return current
}

// split parts from state q the strings that are no longer than those of p with
// r behind them, and returns their state.
func (a *automaton) split(p int32, r rune, q int32) int32 {
	clone := a.new(state{length: a.states[p].length + 1, link: a.states[q].link, first: a.states[q].first})
	for _, e := range a.of[q] {
		a.join(clone, e.r, a.next[e])
	}
	a.states[q].link = clone
	for ; p >= 0 && a.next[edge{p, r}] == q; p = a.states[p].link {
		a.join(p, r, clone)
	}
	return clone
}

// matches are the substrings of key, which is segment i of the other text, that
// the automaton recognises, have at least MinRun code points, and cannot be
// made longer on either side, in the order of their ends.
func (a *automaton) matches(i int, key []rune) []match {
	var found []match
	current, length := int32(0), 0
	emit := func(end int) {
		if length >= MinRun {
			found = append(found, match{here: a.states[current].first, there: place{i, end}, length: length})
		}
	}
	for n, r := range key {
		if _, ok := a.next[edge{current, r}]; !ok {
			emit(n)
		}
		for current != 0 {
			if _, ok := a.next[edge{current, r}]; ok {
				break
			}
			current = a.states[current].link
			length = a.states[current].length
		}
		if to, ok := a.next[edge{current, r}]; ok {
			current = to
			length++
		}
	}
	emit(len(key))
	return found
}
