package storetest

import (
	"cmp"
	"slices"

	"graphd/internal/kg"
)

// The composed world that tests draw from. Its places and laws are invented;
// its names are chosen to be hard: traditional characters, supplementary
// planes beside high BMP code points, quotation marks and signs that query
// languages give a meaning to.

func byID(a, b kg.Entity) int { return cmp.Compare(a.ID, b.ID) }

func jurisdiction(code string, level kg.Level, name, full, parent string, aliases ...string) kg.Entity {
	e := kg.Entity{ID: kg.JurisdictionID(code), Kind: kg.KindJurisdiction, Code: code, Level: level, Name: name, FullName: full, Aliases: aliases}
	if parent != "" {
		e.ParentID = kg.JurisdictionID(parent)
	}
	return e
}

func practice(name, category string, scope kg.Scope, aliases ...string) kg.Entity {
	return kg.Entity{ID: kg.PracticeID(name), Kind: kg.KindPractice, Name: name, Category: category, Scope: scope, Aliases: aliases}
}

func law(title string, t kg.LawType, issuer kg.Entity, versions ...kg.LawVersion) kg.Entity {
	return kg.Entity{ID: kg.LawID(title, issuer.ID), Kind: kg.KindLaw, Name: title, LawType: t, IssuedBy: issuer.ID, Versions: versions}
}

var (
	province = jurisdiction("97", kg.LevelProvince, "云岭省", "云岭省", "", "云岭")
	city     = jurisdiction("9701", kg.LevelPrefecture, "临湖市", "云岭省临湖市", "97", "临湖")
	county   = jurisdiction("970101", kg.LevelCounty, "东岸区", "云岭省临湖市东岸区", "9701", "东岸")
	town     = jurisdiction("970101001", kg.LevelTownship, "𠮷野镇", "云岭省临湖市东岸区𠮷野镇", "970101")
	hightown = jurisdiction("970101002", kg.LevelTownship, "﨑山镇", "云岭省临湖市东岸区﨑山镇", "970101")
	newZone  = kg.Entity{
		ID: kg.UnregisteredJurisdictionID(county.ID, "甲新区"), Kind: kg.KindJurisdiction, Level: kg.LevelTownship,
		Name: "甲新区", FullName: "云岭省临湖市东岸区甲新区", ParentID: county.ID,
	}
	otherProvince = jurisdiction("98", kg.LevelProvince, "海原省", "海原省", "")
	otherCity     = jurisdiction("9801", kg.LevelPrefecture, "东岸市", "海原省东岸市", "98")

	maple    = practice("枫桥经验", "纠纷化解", kg.ScopeNational, "新时代枫桥经验")
	station  = variant(practice("枫桥式派出所", "纠纷化解", kg.ScopeNational), maple.ID, "")
	linkage  = practice("三所联动", "纠纷化解", kg.ScopeProvincial)
	odd      = practice(`100%法治_服务*\(a/b)`, "", kg.ScopeLocal, `O'Brien "x" AND OR NOT`, "⚖️助企")
	umbrella = practice("三项制度", "行政执法", kg.ScopeNational)
	part     = variant(practice("行政执法公示", "行政执法", kg.ScopeNational), "", umbrella.ID)

	code     = law("行政处罚法", kg.LawLaw, kg.Entity{}, kg.LawVersion{Adopted: "1996-03-17", Effective: "1996-10-01", Until: "2021-07-15", Enacted: true}, kg.LawVersion{Effective: "2021-07-15"})
	civil    = law("民法典", kg.LawLaw, kg.Entity{})
	bylaw    = law("物业管理规定", kg.LawPolicy, town)
	sameLaw  = law("物业管理规定", kg.LawPolicy, otherCity)
	firm     = kg.Entity{ID: kg.LawFirmID("云岭正衡律师事务所"), Kind: kg.KindLawFirm, Name: "云岭正衡律师事务所", Aliases: []string{"正衡所"}}
	disputes = kg.Entity{ID: kg.IndicatorID("调解纠纷数"), Kind: kg.KindIndicator, Name: "调解纠纷数", Unit: "件"}
	rate     = kg.Entity{ID: kg.IndicatorID("出庭应诉率"), Kind: kg.KindIndicator, Name: "出庭应诉率", Unit: "%"}
)

func variant(e kg.Entity, of, partOf string) kg.Entity {
	e.VariantOf, e.PartOf = of, partOf
	return e
}

var world = []kg.Entity{
	province, city, county, town, hightown, newZone, otherProvince, otherCity,
	maple, station, linkage, odd, umbrella, part, code, civil, bylaw, sameLaw, firm, disputes, rate,
}

// closure is the world's entities with the given IDs and all they refer to.
func closure(ids ...string) []kg.Entity {
	var list []kg.Entity
	for _, e := range world {
		if slices.Contains(ids, e.ID) {
			list = append(list, e)
			list = append(list, closure(e.References()...)...)
		}
	}
	slices.SortFunc(list, byID)
	return slices.CompactFunc(list, func(a, b kg.Entity) bool { return a.ID == b.ID })
}

// needs adds to the draft every entity that it names.
func (d Draft) needs() Draft {
	ids := []string{d.Issuer.ID}
	for _, s := range d.Sentences {
		for _, p := range s {
			ids = append(append(ids, p.Mention.EntityID), p.Mention.Candidates...)
		}
	}
	d.Entities = append(slices.Clone(d.Entities), closure(ids...)...)
	return d
}
