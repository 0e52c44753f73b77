// Package diffusion reads, from a sentence that names a practice, what it says
// about where the practice came from: a place that was learnt from, a superior
// that ordered it, a year in which it began. It is pure: it sees one passage
// with the mentions in it and knows no index and no store. It claims only what
// the words say; that something came earlier elsewhere is no concern of it.
package diffusion
