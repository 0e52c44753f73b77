// Package corpus composes corpora of any size for measurements: reports of
// invented places with invented practices that spread, laws, law firms and
// figures. The same seed gives the same corpus. Nothing in it was published by
// anybody, and every report says so. It generates facts, not pages: reading and
// linking are measured elsewhere.
package corpus

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"graphd/internal/kg"
	"graphd/internal/store"
	"graphd/internal/store/storetest"
)

const (
	firstYear, lastYear = 2016, 2024
	// reportRate is how often a place has a report for a year.
	reportRate = 0.6

	practices, variants = 270, 30
	laws, firms         = 400, 200
	indicators          = 60
)

// world is what the reports of a corpus speak of.
type world struct {
	rng        *rand.Rand
	places     []place
	practices  []practice
	laws       []kg.Entity
	firms      []kg.Entity
	indicators []kg.Entity
	entities   map[string]kg.Entity
}

type place struct {
	kg.Entity
	firm int
	// since is the year of adopting, by practice.
	since map[int]int
}

type practice struct {
	kg.Entity
	origin string // ID of a place
	year   int
	pull   float64 // how fast it spreads
}

// Generate composes n reports, in the order of their places.
func Generate(seed uint64, n int) iter.Seq[kg.Facts] {
	return func(yield func(kg.Facts) bool) {
		years := float64(lastYear - firstYear + 1)
		w := newWorld(seed, max(1, int(float64(n)/(years*reportRate*1.05))+1))
		made := 0
		for {
			for i := range w.places {
				for year := firstYear; year <= lastYear; year++ {
					if w.rng.Float64() > reportRate {
						continue
					}
					for _, department := range []string{"", "水利局", "教育局"} {
						if department != "" && w.rng.Float64() > 0.025 {
							continue
						}
						if made == n || !yield(w.report(made, &w.places[i], year, department)) {
							return
						}
						made++
					}
				}
			}
		}
	}
}

// Postings are the postings that a store holding the reports would give.
func Postings(reports iter.Seq[kg.Facts]) *store.Postings {
	p := &store.Postings{Mark: store.Mark{Epoch: 1, Revision: 1}}
	entities := map[string]kg.Entity{}
	for f := range reports {
		for _, e := range f.Entities {
			entities[e.ID] = e
		}
		r := store.Posting{ReportID: f.Report.ID, IssuerID: f.Report.IssuerID, Department: f.Report.Department, Year: f.Report.Year}
		for _, t := range (store.Contents{Facts: f}).Postings() {
			r.Terms = append(r.Terms, t.Term)
			e := entities[t.EntityID]
			e.ReportCount, e.MentionCount = e.ReportCount+1, e.MentionCount+t.Mentions
			entities[t.EntityID] = e
		}
		p.Reports = append(p.Reports, r)
	}
	for _, e := range entities {
		p.Entities = append(p.Entities, e)
	}
	slices.SortFunc(p.Entities, func(a, b kg.Entity) int { return compare(a.ID, b.ID) })
	slices.SortFunc(p.Reports, func(a, b store.Posting) int { return compare(a.ReportID, b.ReportID) })
	return p
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func newWorld(seed uint64, size int) *world {
	w := &world{rng: rand.New(rand.NewPCG(seed, 1)), entities: map[string]kg.Entity{}}
	w.placesOf(size)
	for i := range practices + variants {
		e := kg.Entity{Kind: kg.KindPractice, Name: word(i, 3) + pick(i, "工作法", "机制", "模式", "工作室", "行动"), Scope: kg.ScopeLocal, Category: pick(i, "调解", "执法", "普法")}
		e.ID = kg.PracticeID(e.Name)
		if i >= practices {
			e.VariantOf = w.practices[(i-practices)*3].ID
			w.entities[e.VariantOf] = w.practices[(i-practices)*3].Entity
		}
		w.practices = append(w.practices, practice{
			Entity: w.know(e), origin: w.places[w.rng.IntN(len(w.places))].ID, year: firstYear + w.rng.IntN(7),
			pull: 0.9 / math.Pow(float64(i%practices+1), 0.6),
		})
	}
	for i := range laws {
		e := kg.Entity{Kind: kg.KindLaw, Name: word(i, 4) + pick(i, "法", "条例", "办法"), LawType: kg.LawLaw}
		e.ID = kg.LawID(e.Name, "")
		switch i % 5 {
		case 0:
			e.Versions = []kg.LawVersion{{Adopted: "2009-03-01", Effective: "2009-07-01", Until: "2020-01-01"}}
		case 1:
			e.Versions = []kg.LawVersion{{Adopted: "2012-03-01", Effective: "2012-07-01"}}
		}
		w.laws = append(w.laws, w.know(e))
	}
	for i := range firms {
		e := kg.Entity{Kind: kg.KindLawFirm, Name: word(i, 2) + "合成律师事务所"}
		e.ID = kg.LawFirmID(e.Name)
		w.firms = append(w.firms, w.know(e))
	}
	for i := range indicators {
		e := kg.Entity{Kind: kg.KindIndicator, Name: pick(i, "调解", "办理", "排查") + word(i, 2), Unit: pick(i, "件", "场", "人")}
		e.ID = kg.IndicatorID(e.Name)
		w.indicators = append(w.indicators, w.know(e))
	}
	for i := range w.places {
		w.adopt(&w.places[i])
	}
	return w
}

func (w *world) know(e kg.Entity) kg.Entity {
	w.entities[e.ID] = e
	return e
}

// placesOf makes a tree of places: a few provinces, their prefectures and
// counties, and townships for the rest.
func (w *world) placesOf(size int) {
	add := func(code, name, full, parent string, level kg.Level) kg.Entity {
		e := kg.Entity{ID: kg.JurisdictionID(code), Kind: kg.KindJurisdiction, Code: code, Name: name, FullName: full + name, ParentID: parent, Level: level}
		w.places = append(w.places, place{Entity: w.know(e), firm: w.rng.IntN(firms), since: map[int]int{}})
		return e
	}
	const provinces = 6
	perProvince := max(1, size/provinces)
	prefectures := max(1, min(14, perProvince/40))
	counties := max(1, min(12, perProvince/prefectures/10))
	townships := max(1, perProvince/prefectures/counties)
	n := 0
	for p := range provinces {
		province := add(strconv.Itoa(71+p), word(p, 2)+"省", "", "", kg.LevelProvince)
		for c := range prefectures {
			n++
			city := add(fmt.Sprintf("%s%02d", province.Code, c+1), word(n, 2)+"市", province.FullName, province.ID, kg.LevelPrefecture)
			for k := range counties {
				n++
				county := add(fmt.Sprintf("%s%02d", city.Code, k+1), word(n, 2)+"县", city.FullName, city.ID, kg.LevelCounty)
				for t := range townships {
					n++
					add(fmt.Sprintf("%s%03d", county.Code, t+1), word(n, 2)+"镇", county.FullName, county.ID, kg.LevelTownship)
				}
			}
		}
	}
}

// adopt decides when a place adopts each practice: the sooner, the nearer it is
// to where the practice began and the more the practice pulls.
func (w *world) adopt(p *place) {
	for i, of := range w.practices {
		near := 0.15
		switch {
		case p.ID == of.origin:
			p.since[i] = of.year
			continue
		case kg.Within(p.ID, parentOf(of.origin, 6)):
			near = 1
		case kg.Within(p.ID, parentOf(of.origin, 2)):
			near = 0.5
		}
		for year := of.year + 1; year <= lastYear; year++ {
			if w.rng.Float64() < near*of.pull*0.5 {
				p.since[i] = year
				break
			}
		}
	}
}

// parentOf is the ID of the division of as many digits that holds another.
func parentOf(id string, digits int) string {
	n := len(kg.JurisdictionID("")) + digits
	return id[:min(n, len(id))]
}

func (w *world) report(number int, p *place, year int, department string) kg.Facts {
	d := storetest.Draft{
		Location: fmt.Sprintf("composed/%07d.txt", number), Extractor: "bench", IngestedAt: "2025-01-01T00:00:00Z",
		Title:  fmt.Sprintf("合成样本第%d号:%s%s%d年法治政府建设情况报告", number, p.FullName, department, year),
		Issuer: p.Entity, Department: department, Year: year, Published: fmt.Sprintf("%d-01-15", year+1),
	}
	switch {
	case w.rng.Float64() < 0.01:
		d.Issuer = kg.Entity{}
	case w.rng.Float64() < 0.01:
		d.Year = 0
	}
	need := map[string]bool{p.ID: true}
	say := func(pieces ...storetest.Piece) {
		for i, piece := range pieces {
			if m := piece.Mention; m.Kind != "" {
				pieces[i].Mention.Rule = "composed"
				need[m.EntityID] = true
			}
		}
		d.Sentences = append(d.Sentences, pieces)
	}
	w.sayPractices(p, year, say)
	w.sayRest(p, say)
	d.Entities = w.closure(need)
	return storetest.Compose(d)
}

type sayer func(pieces ...storetest.Piece)

func plain(text string) storetest.Piece { return storetest.Piece{Text: text} }

func named(e kg.Entity, m kg.Mention) storetest.Piece {
	m.EntityID = e.ID
	if m.Kind == "" {
		m.Kind = e.Kind
	}
	return storetest.Piece{Text: e.Name, Mention: m}
}

// sayPractices tells of adopted practices, in words that all of a county have
// in common, of some that are planned or named only, and now and then where
// one was learnt.
func (w *world) sayPractices(p *place, year int, say sayer) {
	for i, of := range w.practices {
		since, adopted := p.since[i]
		switch {
		case adopted && since <= year && w.rng.Float64() < 0.85:
			status := kg.StatusImplemented + kg.Status(w.rng.IntN(5)/2)
			piece := named(of.Entity, kg.Mention{Status: status})
			switch {
			case since == year && w.rng.Float64() < 0.1:
				from := w.entities[of.origin]
				say(plain("学习借鉴"), named(from, kg.Mention{}), plain("做法,推行"), piece, plain("。"))
			case since < year && w.rng.Float64() < 0.05:
				say(plain(fmt.Sprintf("自%d年起推行", since)), piece, plain("。"))
			default:
				n := i + len(p.ID)*7 + int(p.ID[len(p.ID)-1]%3)
				say(plain(pick(n, "把矛盾化解在村里,", "让群众少跑路,", "把规矩立在前头,")), plain(word(i, 6)+"之后推行"), piece,
					plain(","+pick(n/3, "干部下村逐户走访,遇事先调解后处理,件件有人跟到底。", "每月排一次班,律师和民警轮流坐堂,文书当天写完。", "专班每周碰头一次,清单化管理,办结一件销号一件。")))
			}
		case !adopted && w.rng.Float64() < 0.01:
			say(plain("明年准备试一试"), named(of.Entity, kg.Mention{Status: kg.StatusPlanned}), plain("。"))
		case !adopted && w.rng.Float64() < 0.01:
			say(plain("会上传达了"), named(of.Entity, kg.Mention{Status: kg.StatusReferred}), plain("的要求。"))
		}
	}
}

// sayRest tells of laws, law firms, figures and places.
func (w *world) sayRest(p *place, say sayer) {
	for range 10 + w.rng.IntN(10) {
		law := w.laws[w.zipf(laws)]
		article := ""
		if w.rng.IntN(4) == 0 {
			article = fmt.Sprintf("第%d条", 1+w.rng.IntN(40))
		}
		say(plain("依照《"), named(law, kg.Mention{Article: article}), plain("》办事,审查意见逐条记录。"))
	}
	if w.rng.Float64() < 0.15 {
		p.firm = w.rng.IntN(firms)
	}
	if w.rng.Float64() < 0.7 {
		say(plain("法律顾问由"), named(w.firms[p.firm], kg.Mention{}), plain("担任。"))
	}
	for range 10 + w.rng.IntN(10) {
		in := w.indicators[w.zipf(indicators)]
		value := float64(10 + w.rng.IntN(900))
		m := kg.Metric{Label: in.Name, Value: value, Unit: in.Unit, Target: w.rng.IntN(12) == 0}
		if w.rng.IntN(10) == 0 {
			m.Period = "近三年"
		}
		say(plain(in.Name), storetest.Piece{
			Text:    strconv.Itoa(int(value)) + in.Unit,
			Mention: kg.Mention{Kind: kg.KindMetric, EntityID: in.ID, Metric: &m},
		}, plain("。"))
	}
	if parent, ok := w.entities[p.ParentID]; ok {
		say(plain("根据"), named(parent, kg.Mention{}), plain("要求完成全年任务。"))
	}
}

// zipf draws a number below n, small ones more often.
func (w *world) zipf(n int) int {
	return int(math.Pow(float64(n), w.rng.Float64()*w.rng.Float64()*1.2)) % n
}

// closure is the entities with all that they refer to.
func (w *world) closure(ids map[string]bool) []kg.Entity {
	seen := map[string]bool{}
	var list []kg.Entity
	var add func(id string)
	add = func(id string) {
		if seen[id] {
			return
		}
		seen[id] = true
		e := w.entities[id]
		list = append(list, e)
		for _, r := range e.References() {
			add(r)
		}
	}
	for id := range ids {
		add(id)
	}
	slices.SortFunc(list, func(a, b kg.Entity) int { return compare(a.ID, b.ID) })
	return list
}

const syllables = "山水云石松竹梅桥溪河湖田村林泉岭谷川原平安和清明正义文武东西南北春秋金玉青白红蓝长高"

// word is an invented word of as many syllables, another one for each number.
func word(number, length int) string {
	runes := []rune(syllables)
	n := uint64(number)*2654435761 + 97
	out := make([]rune, length)
	for i := range out {
		out[i] = runes[n%uint64(len(runes))]
		n = n/uint64(len(runes)) + uint64(number)*31 + uint64(i)
	}
	return string(out)
}

func pick(n int, of ...string) string { return of[n%len(of)] }
