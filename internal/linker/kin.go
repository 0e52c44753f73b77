package linker

import (
	"slices"
	"strings"

	"graphd/internal/kg"
	"graphd/internal/linker/registry"
)

// How near a division is to the issuer, nearest first.
const (
	kinSelf = iota
	kinAbove
	kinInside
	kinSibling
	kinPrefecture // of the same prefecture
	kinProvince   // a county or prefecture of the same province
	kinNone
)

func (p *places) kin(x *registry.Division) int {
	is := p.issuer
	switch {
	case is == nil:
		return kinNone
	case x.Code == is.Code:
		return kinSelf
	case strings.HasPrefix(is.Code, x.Code):
		return kinAbove
	case strings.HasPrefix(x.Code, is.Code):
		return kinInside
	case len(p.above) > 1 && p.reg.Parent(x) == p.above[len(p.above)-2]:
		return kinSibling
	case len(p.above) > 1 && strings.HasPrefix(x.Code, p.above[1].Code):
		return kinPrefecture
	case x.Level != kg.LevelTownship && strings.HasPrefix(x.Code, p.above[0].Code):
		return kinProvince
	}
	return kinNone
}

// nearest are those of the divisions that are nearest to the issuer; empty if
// none is near.
func (p *places) nearest(xs []*registry.Division) []*registry.Division {
	best := kinNone
	var near []*registry.Division
	for _, x := range xs {
		switch k := p.kin(x); {
		case k == kinNone || k > best:
		case k < best:
			best, near = k, []*registry.Division{x}
		default:
			near = append(near, x)
		}
	}
	return near
}

// nearby are those of the divisions that lie in one named shortly before.
func (p *places) nearby(xs []*registry.Division, from int) []*registry.Division {
	const reach = 200 // code points, a long sentence or two
	for _, s := range slices.Backward(p.found) {
		if from-s.to > reach {
			break
		}
		if len(s.divisions) == 1 && s.divisions[0].Level != kg.LevelTownship {
			if in := within(xs, s.divisions[0]); len(in) > 0 {
				return in
			}
		}
	}
	return nil
}

// adjacent is the division named right before from, if one is.
func (p *places) adjacent(from int) *registry.Division {
	if len(p.found) == 0 {
		return nil
	}
	last := p.found[len(p.found)-1]
	if last.to != from || len(last.divisions) != 1 || p.parted(from) {
		return nil
	}
	return last.divisions[0]
}

// parted tells whether a mark that counts for nothing stands before place i,
// such as one of quotation.
func (p *places) parted(i int) bool { return p.at != nil && i > 0 && p.at[i] != p.at[i-1]+1 }

// within are those of the divisions that lie strictly in up.
func within(xs []*registry.Division, up *registry.Division) []*registry.Division {
	return slices.DeleteFunc(slices.Clone(xs), func(x *registry.Division) bool {
		return x.Code == up.Code || !strings.HasPrefix(x.Code, up.Code)
	})
}

// top are those of the divisions that stand highest.
func top(xs []*registry.Division) []*registry.Division {
	least := len(slices.MinFunc(xs, func(a, b *registry.Division) int { return len(a.Code) - len(b.Code) }).Code)
	return slices.DeleteFunc(slices.Clone(xs), func(x *registry.Division) bool { return len(x.Code) > least })
}

// upper tells whether one of the divisions is a province or prefecture.
func upper(xs []*registry.Division) bool {
	return slices.ContainsFunc(xs, func(x *registry.Division) bool { return len(x.Code) <= 4 })
}

// lower are the divisions as near to the issuer as kin, or nearer.
func (p *places) lower(xs []*registry.Division, kin int) []*registry.Division {
	return slices.DeleteFunc(slices.Clone(xs), func(x *registry.Division) bool { return p.kin(x) > kin })
}

func (p *places) provinces(xs []*registry.Division) []*registry.Division {
	return slices.DeleteFunc(slices.Clone(xs), func(x *registry.Division) bool { return x.Level != kg.LevelProvince })
}

// levelWith are those of the divisions that stand on the level of the one named
// before the 、 at from, beside it or near the issuer; none if there is no such
// list. What each does may stand in quotation marks: 佛山“…”、中山“…”.
func (p *places) levelWith(xs []*registry.Division, from int) []*registry.Division {
	if from == 0 || p.key[from-1] != '、' || len(p.found) == 0 {
		return nil
	}
	last := p.found[len(p.found)-1]
	const maxQuoted = 20
	quoted := from-1-last.to <= maxQuoted && p.parted(last.to) && p.parted(from-1)
	if last.to != from-1 && !quoted || len(last.divisions) != 1 {
		return nil
	}
	beside := p.reg.Parent(last.divisions[0])
	return slices.DeleteFunc(slices.Clone(xs), func(x *registry.Division) bool {
		return x.Level != last.divisions[0].Level || p.kin(x) > kinSibling && p.reg.Parent(x) != beside
	})
}
