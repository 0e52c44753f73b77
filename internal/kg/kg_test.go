package kg

import (
	"errors"
	"fmt"
	"testing"
)

func TestWithin(t *testing.T) {
	zhejiang, yinzhou := JurisdictionID("33"), JurisdictionID("330212")
	zhonghe := JurisdictionID("330212005")
	xinzhuang := UnregisteredJurisdictionID(yinzhou, "新庄")
	for _, tc := range []struct {
		id, region string
		want       bool
	}{
		{zhonghe, zhonghe, true},
		{zhonghe, yinzhou, true},
		{zhonghe, zhejiang, true},
		{yinzhou, zhonghe, false},
		{xinzhuang, yinzhou, true},
		{xinzhuang, zhejiang, true},
		{xinzhuang, zhonghe, false},
		{UnregisteredJurisdictionID(yinzhou, "新庄镇"), xinzhuang, false},
		{UnregisteredJurisdictionID(xinzhuang, "一村"), xinzhuang, true},
		{JurisdictionID("32"), zhejiang, false},
	} {
		if got := Within(tc.id, tc.region); got != tc.want {
			t.Errorf("Within(%q, %q) = %v", tc.id, tc.region, got)
		}
	}
}

func TestTypeOf(t *testing.T) {
	report := ReportID("正文")
	span := Span{Start: 3, End: 5}
	for id, want := range map[string]NodeType{
		report:                              NodeReport,
		MentionID(report, KindLaw, span):    NodeMention,
		MentionID(report, KindMetric, span): NodeMetric,
		JurisdictionID("31"):                NodeJurisdiction,
		PracticeID("枫桥经验"):                  NodePractice,
		LawID("工作规则", JurisdictionID("31")): NodeLaw,
		LawID("民法典", ""):                    NodeLaw,
		LawFirmID("某律师事务所"):                 NodeLawFirm,
		IndicatorID("调解纠纷"):                 NodeIndicator,
		"":                                  "",
		"report:":                           "",
		"village:1":                         "",
		"jurisdiction":                      "",
	} {
		got, ok := TypeOf(id)
		if got != want || ok != (want != "") {
			t.Errorf("TypeOf(%q) = %q, %v", id, got, ok)
		}
	}
}

func TestLawIDTellsTownsApart(t *testing.T) {
	a, b := LawID("工作规则", JurisdictionID("310106101")), LawID("工作规则", JurisdictionID("310117001"))
	if a == b || a == LawID("工作规则", "") {
		t.Errorf("two towns' documents share an ID: %q, %q", a, b)
	}
}

func TestStatusNames(t *testing.T) {
	for s := StatusPlanned; s <= StatusHonoured; s++ {
		if got, ok := ParseStatus(s.String()); !ok || got != s {
			t.Errorf("ParseStatus(%q) = %v, %v", s.String(), got, ok)
		}
	}
	for _, name := range []string{"", "implemented", "DONE"} {
		if s, ok := ParseStatus(name); ok {
			t.Errorf("ParseStatus(%q) = %v", name, s)
		}
	}
}

func TestErrorIsOneLine(t *testing.T) {
	cause := errors.New("first line\nsecond line")
	err := fmt.Errorf("context: %w", &Error{Op: "read", Code: CodeUnreadable, Subject: "a.txt", Err: cause})
	if got, want := errors.Unwrap(err).Error(), "read: a.txt: first line second line"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if CodeOf(err) != CodeUnreadable || CodeOf(nil) != "" || CodeOf(cause) != CodeInternal {
		t.Error("wrong code")
	}
	if !errors.Is(err, cause) {
		t.Error("the cause is lost")
	}
}
