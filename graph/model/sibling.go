package model

import "sync"

// Sibling makes a value one of those that the same field of a query yielded,
// for all parents of that field together. A store is then asked once for all of
// them. gqlgen's own batches hold the elements of one plain list; a connection
// has its nodes one by one under their edges, and a field such as issuer has
// none but single values, so those would each be asked for alone.
type Sibling[T any] struct {
	group *group[T]
	at    int
}

type group[T any] struct {
	all    []*T
	fields sync.Map // key of a field to *result
}

type result struct {
	once   sync.Once
	values any
	err    error
}

func (s *Sibling[T]) sibling() *Sibling[T] { return s }

// Member is a pointer to a type that embeds Sibling.
type Member[T any] interface {
	*T
	sibling() *Sibling[T]
}

// Join makes the values siblings and returns them. Every value is joined once,
// before it is handed on; nil pointers are left out.
func Join[T any, P Member[T]](values []P) []P {
	g := &group[T]{}
	for _, v := range values {
		if v != nil {
			*v.sibling() = Sibling[T]{g, len(g.all)}
			g.all = append(g.all, v)
		}
	}
	return values
}

// ForAll returns the result for each of values of resolve, which is called once
// for all their siblings, in the order in which they were joined, whoever asks
// first; key names what is resolved. resolve returns one result for each value
// it is given, or an error, which is then everyone's.
func ForAll[T, R any, P Member[T]](values []P, key string, resolve func(all []P) ([]R, error)) ([]R, error) {
	out := make([]R, len(values))
	for i, v := range values {
		s := v.sibling()
		r, _ := s.group.fields.LoadOrStore(key, &result{})
		results, err := once(r.(*result), func() ([]R, error) {
			all := make([]P, len(s.group.all))
			for i, p := range s.group.all {
				all[i] = p
			}
			return resolve(all)
		})
		if err != nil {
			return nil, err
		}
		out[i] = results[s.at]
	}
	return out, nil
}

// once calls resolve the first time. A panic is the result of all calls: the
// first one passes it on, later ones raise it again.
func once[R any](r *result, resolve func() ([]R, error)) ([]R, error) {
	r.once.Do(func() {
		defer func() {
			if p := recover(); p != nil {
				r.values = panicked{p}
				panic(p)
			}
		}()
		r.values, r.err = resolve()
	})
	if p, ok := r.values.(panicked); ok {
		panic(p.value)
	}
	values, _ := r.values.([]R)
	return values, r.err
}

type panicked struct{ value any }
