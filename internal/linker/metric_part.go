package linker

import (
	"strings"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

// lowerPlaces are the mentions of places that lie in the issuer's.
func (g *gathering) lowerPlaces() []kg.Mention {
	parent := make(map[string]string, len(g.entities))
	for _, e := range g.entities {
		parent[e.ID] = e.ParentID
	}
	var lower []kg.Mention
	for _, m := range g.mentions {
		if m.Kind != kg.KindJurisdiction || m.EntityID == "" || g.report.IssuerID == "" {
			continue
		}
		for up := parent[m.EntityID]; up != ""; up = parent[up] {
			if up == g.report.IssuerID {
				lower = append(lower, m)
				break
			}
		}
	}
	return lower
}

// ofPart tells whether a figure is about one part of what the issuer speaks
// for: its label begins with a place in the issuer's that is named before the
// figure in its sentence or the one before (瓦岗镇调解委员会调解), or with a room
// that has a name of its own (“老马调解室”调处).
func ofPart(ss []sentence, f *figure, lower []kg.Mention) bool {
	s := &ss[f.sentence]
	at := s.span(f.from, f.to)
	begin := ss[max(0, f.sentence-1)].at[0]
	for _, m := range lower {
		if m.Start >= begin && m.End <= at.Start && strings.HasPrefix(f.label, fold.Name(m.Quote)) {
			return true
		}
	}
	for _, q := range s.quoted {
		if q.to > f.from {
			break
		}
		rest, ok := strings.CutPrefix(f.label, strings.Trim(s.text(q.from, q.to), "“”"))
		if !ok || q.from == q.to {
			continue
		}
		if w := hasAt([]rune(rest), 0, metricWords.Room); w != "" {
			rest = strings.TrimPrefix(rest, w)
		} else if !endsWithAny([]rune(strings.TrimSuffix(f.label, rest)), metricWords.Room) {
			continue
		}
		if rest != "" {
			return true
		}
	}
	return false
}
