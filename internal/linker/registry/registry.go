// Package registry holds what a linker links to: administrative divisions,
// laws, practices and indicators, as data files embedded in the program, each
// with its source and a test that reads it with care. It answers look-ups by
// name. It does not look at reports and decides nothing that depends on one.
package registry

import "sync"

// Registry is all registers together. It is immutable and safe for concurrent
// use.
type Registry struct {
	Divisions  *Divisions
	Laws       *Laws
	Practices  *Practices
	Indicators *Indicators
}

// Load returns the embedded registers. They are parsed at the first call; an
// error is one of the embedded data itself.
func Load() (*Registry, error) { return load() }

var load = sync.OnceValues(func() (*Registry, error) {
	var r Registry
	var err error
	if r.Divisions, err = loadDivisions(); err != nil {
		return nil, err
	}
	if r.Laws, err = loadLaws(); err != nil {
		return nil, err
	}
	if r.Practices, err = loadPractices(); err != nil {
		return nil, err
	}
	if r.Indicators, err = loadIndicators(); err != nil {
		return nil, err
	}
	return &r, nil
})
