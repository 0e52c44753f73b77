package diffusion

import (
	"slices"
	"strings"
	"testing"

	"graphd/internal/kg"
)

const (
	province = "jurisdiction:31"
	district = "jurisdiction:310117"
	town     = "jurisdiction:310117001"
	other    = "jurisdiction:33"
)

// sentence is a passage whose name in 【】 is a mention, and whose 〔〕 is the
// practice.
func sentence(marked, entityID string, kind kg.Kind) (p kg.Passage, text string, practice kg.Span, mentions []kg.Mention) {
	const offset = 7 // passages do not begin with the text
	var plain []rune
	var m kg.Mention
	for _, r := range marked {
		switch at := offset + len(plain); r {
		case '【':
			m.Start = at
		case '】':
			m.End = at
			m.Quote = string(plain[max(0, m.Start-offset):])
		case '〔':
			practice.Start = at
		case '〕':
			practice.End = at
		default:
			plain = append(plain, r)
		}
	}
	m.Kind, m.EntityID = kind, entityID
	return kg.Passage{Span: kg.Span{Start: offset, End: offset + len(plain)}}, string(plain), practice, []kg.Mention{m}
}

func issuedBy(law string) string {
	if law == "law:31/方案" {
		return province
	}
	return ""
}

func TestCueData(t *testing.T) {
	for _, c := range cues {
		if c.kind == given {
			p, text, practice, mentions := sentence(c.example, "law:31/方案", kg.KindLaw)
			told := cues
			cues = slices.DeleteFunc(slices.Clone(cues), func(c cue) bool { return c.kind == given })
			without := Origins(p, text, practice, town, mentions, issuedBy)
			cues = told
			if got := Origins(p, text, practice, town, mentions, issuedBy); len(got) != 0 || len(without) != 1 {
				t.Errorf("%s: %v, and %v but for its words", c.example, got, without)
			}
			if len(c.before) == 0 || len(c.after) == 0 || len(c.unless) != 0 || c.of != "" {
				t.Errorf("%s asks for words on both sides alone", c.example)
			}
			continue
		}
		if c.kind != Stated && c.kind != Ordered || c.of != place && c.of != document {
			t.Errorf("%q of %q is no kind", c.kind, c.of)
		}
		if len(c.before)+len(c.after) == 0 {
			t.Errorf("%s asks for no word", c.example)
		}
		from, kind := map[Kind]string{Stated: other, Ordered: district}[c.kind], kg.KindJurisdiction
		if c.of == document {
			from, kind = "law:31/方案", kg.KindLaw
		}
		p, text, practice, mentions := sentence(c.example, from, kind)
		if got := Origins(p, text, practice, town, mentions, issuedBy); len(got) != 1 || got[0].Kind != c.kind {
			t.Errorf("%s: %v", c.example, got)
		}
		for _, list := range [][]string{c.before, c.after, c.unless} {
			if slices.Contains(list, "") {
				t.Errorf("%s has an empty word", c.example)
			}
		}
	}
}

func TestOrigins(t *testing.T) {
	for _, tc := range []struct {
		marked, entity string
		kind           kg.Kind
		want           []Kind
	}{
		{"学习借鉴【浙江】等地做法，坚持和发展新时代〔“枫桥经验”〕。", other, kg.KindJurisdiction, []Kind{Stated}},
		{"打造〔“楓橋式”派出所〕，對標【浙江】先進經驗。", other, kg.KindJurisdiction, []Kind{Stated}},
		{"推广【诸暨】〔“枫桥经验”〕。", other, kg.KindJurisdiction, []Kind{Stated}},
		{"我镇〔“枫桥经验”〕在【浙江】推广。", other, kg.KindJurisdiction, nil},
		{"〔“枫桥经验”〕的做法被【浙江】学习借鉴。", other, kg.KindJurisdiction, nil},
		{"与【浙江】共建〔枫桥式工作室〕。", other, kg.KindJurisdiction, nil},
		{"学习贯彻〔枫桥经验〕。【浙江】的做法很多。", other, kg.KindJurisdiction, nil},
		{"学习宣传，【浙江】经验很多，推行〔枫桥经验〕。", other, kg.KindJurisdiction, nil},
		{"学习借鉴【浙江】做法，优化营商环境、清理涉企收费、公开审批流程、压缩办理时限、设立投诉专线、开展上门服务，另外推行〔枫桥经验〕。", other, kg.KindJurisdiction, nil},
		{"按照【松江区】统一部署，推行〔“三所联动”〕。", district, kg.KindJurisdiction, []Kind{Ordered}},
		{"落实【上海市】关于〔三所联动〕的意见。", province, kg.KindJurisdiction, []Kind{Ordered}},
		{"【松江区】要求推行〔“三所联动”〕。", district, kg.KindJurisdiction, []Kind{Ordered}},
		{"在【松江区】率先推行〔“三所联动”〕。", district, kg.KindJurisdiction, nil},
		{"学习借鉴【石湖荡镇】做法，推行〔“三所联动”〕。", town, kg.KindJurisdiction, nil},
		{"学习借鉴【甲村】做法，推行〔“三所联动”〕。", town + "/甲村", kg.KindJurisdiction, nil},
		{"根据【《方案》】推行〔“三所联动”〕。", "law:31/方案", kg.KindLaw, []Kind{Ordered}},
		{"落实《办法》《规定》、【《方案》】，推行〔“三所联动”〕。", "law:31/方案", kg.KindLaw, []Kind{Ordered}},
		{"印发【《关于推行〔三所联动〕的方案》】。", "law:31/方案", kg.KindLaw, []Kind{Ordered}},
		{"推行〔“三所联动”〕，贯彻【《方案》】，清理文件。", "law:31/方案", kg.KindLaw, nil},
		{"落实【《方案》】，出台《甲镇行政规范性文件制定程序规定》，推行〔“三所联动”〕。", "law:31/方案", kg.KindLaw, nil},
		{"学习【《方案》】，推行〔“三所联动”〕。", "law:31/方案", kg.KindLaw, nil},
		{"根据【《条例》】推行〔“三所联动”〕。", "law:条例", kg.KindLaw, nil},
		{"落实【《方案》】，在〔“三所联动”〕的基础上推行告知承诺。", "law:31/方案", kg.KindLaw, nil},
		{"落實【《方案》】，在〔“三所聯動”〕基礎上推行告知承諾。", "law:31/方案", kg.KindLaw, nil},
		{"落实【《方案》】，在总结经验的基础上，推行〔“三所联动”〕。", "law:31/方案", kg.KindLaw, []Kind{Ordered}},
		{"在落实【《方案》】的基础上，推行〔“三所联动”〕。", "law:31/方案", kg.KindLaw, nil},
		{"在严格执行【《方案》】前提下，推行〔“三所联动”〕。", "law:31/方案", kg.KindLaw, nil},
		{"在落实【《方案》】推行〔“三所联动”〕的基础上，开展走访。", "law:31/方案", kg.KindLaw, []Kind{Ordered}},
		{"在落实【《关于推行〔三所联动〕的方案》】的基础上，开展走访。", "law:31/方案", kg.KindLaw, []Kind{Ordered}},
		{"在落实【松江区】统一部署的基础上，推行〔“三所联动”〕。", district, kg.KindJurisdiction, nil},
		{"在落实【上海市】关于〔三所联动〕的意见的基础上，开展走访。", province, kg.KindJurisdiction, []Kind{Ordered}},
		{"在认真学习借鉴【浙江】经验的基础上，推行〔“枫桥经验”〕。", other, kg.KindJurisdiction, []Kind{Stated}},
		{"在推行〔“枫桥经验”〕的基础上，学习借鉴【浙江】做法。", other, kg.KindJurisdiction, nil},
		{"学习借鉴【某地】经验，推行〔“三所联动”〕。", "", kg.KindJurisdiction, nil},
	} {
		p, text, practice, mentions := sentence(tc.marked, tc.entity, tc.kind)
		var got []Kind
		for _, o := range Origins(p, text, practice, town, mentions, issuedBy) {
			got = append(got, o.Kind)
			if o.Mention.Quote != mentions[0].Quote {
				t.Errorf("%s: mention %v", tc.marked, o.Mention)
			}
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", tc.marked, got, tc.want)
		}
	}
}

func TestOriginsComeOnce(t *testing.T) {
	p, text, practice, mentions := sentence("学习借鉴【浙江】经验，借鉴浙江做法，推行〔枫桥经验〕。", other, kg.KindJurisdiction)
	again := mentions[0]
	again.Span = kg.Span{Start: p.Start + 11, End: p.Start + 13}
	outside := kg.Mention{Kind: kg.KindJurisdiction, EntityID: "jurisdiction:32", Span: kg.Span{Start: p.End, End: p.End + 2}}
	if got := Origins(p, text, practice, town, append(mentions, again, outside), issuedBy); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

// Of names that run on into a place inside the one before, the last is meant.
func TestOriginsOfNestedNames(t *testing.T) {
	names := map[string]string{
		"上海市": "jurisdiction:31", "松江区": "jurisdiction:310117", "石湖荡镇": "jurisdiction:310117103", "浙江省": "jurisdiction:33", "绍兴市": "jurisdiction:3306",
		"诸暨市": "jurisdiction:330681", "枫桥镇": "jurisdiction:330681101", "嵊州市": "jurisdiction:330683", "湖南省": "jurisdiction:43",
	}
	for _, tc := range []struct {
		text, issuer string
		want         []string
	}{
		{"借鉴上海市松江区做法，推行三所联动。", "jurisdiction:430100", []string{"松江区"}},
		{"学习上海市、浙江省经验，推行三所联动。", "jurisdiction:430100", []string{"上海市", "浙江省"}},
		{"学习上海市、松江区经验，推行三所联动。", "jurisdiction:430100", []string{"上海市", "松江区"}},
		{"学习上海市浙江省经验，推行三所联动。", "jurisdiction:430100", []string{"上海市", "浙江省"}},
		{"借鉴浙江省绍兴市诸暨市枫桥镇做法，推行三所联动。", "jurisdiction:430100", []string{"枫桥镇"}},
		{"借鉴浙江省诸暨市、嵊州市做法，推行三所联动。", "jurisdiction:430100", []string{"诸暨市", "嵊州市"}},
		{"推广上海市松江区做法，推行三所联动。", "jurisdiction:310117", nil},
		{"按照上海市松江区统一部署，推行三所联动。", "jurisdiction:310117103", []string{"松江区"}},
	} {
		runes := []rune(tc.text)
		var mentions []kg.Mention
		var practice kg.Span
		for i := range runes {
			if rest := string(runes[i:]); strings.HasPrefix(rest, "三所联动") {
				practice = kg.Span{Start: i, End: i + 4}
			}
			for name, id := range names {
				if strings.HasPrefix(string(runes[i:]), name) {
					mentions = append(mentions, kg.Mention{Kind: kg.KindJurisdiction, EntityID: id, Quote: name, Span: kg.Span{Start: i, End: i + len([]rune(name))}})
				}
			}
		}
		var got []string
		for _, o := range Origins(kg.Passage{Span: kg.Span{End: len(runes)}}, tc.text, practice, tc.issuer, mentions, issuedBy) {
			got = append(got, o.Mention.Quote)
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", tc.text, got, tc.want)
		}
	}
}

func TestClaimedSince(t *testing.T) {
	for text, want := range map[string]int{
		"自2019年起推行“三所联动”":           2019,
		"從２０１９年５月開始推行“三所聯動”":        2019,
		"2018年以来，我区先后推行枫桥经验":        2018,
		"2023年以来，我区推行枫桥经验":          0,
		"2019年推行枫桥经验":               0,
		"自2019年起推行，自2021年起推广":       0,
		"自2019年起推行，2019年以来调解纠纷300件": 2019,
		"推行枫桥经验":                    0,
	} {
		got, ok := ClaimedSince(text, 2023)
		if got != want || ok != (want != 0) {
			t.Errorf("%s: %d, %v", text, got, ok)
		}
	}
}

func FuzzOrigins(f *testing.F) {
	f.Add("学习借鉴【浙江】等地做法，推行〔枫桥经验〕", true)
	f.Fuzz(func(t *testing.T, marked string, law bool) {
		kind, entity := kg.KindJurisdiction, other
		if law {
			kind, entity = kg.KindLaw, "law:31/方案"
		}
		p, text, practice, mentions := sentence(strings.ToValidUTF8(marked, ""), entity, kind)
		if m := mentions[0]; m.End < m.Start || practice.End < practice.Start || !p.Contains(m.Span) || !p.Contains(practice) {
			return
		}
		for _, o := range Origins(p, text, practice, town, mentions, issuedBy) {
			if kg.Within(o.JurisdictionID, town) {
				t.Errorf("%s learnt from itself: %v", text, o)
			}
		}
		ClaimedSince(text, 2023)
	})
}
