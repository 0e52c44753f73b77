package report

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// What speaks for the year reported on, with weights that let a title outvote
// everything, and an announcement all but a title.
const (
	votesTitle    = 1000
	votesAnnounce = 200
	votesHeading  = 40
	votesOpening  = 30
	votesMention  = 1
	maxMentions   = 10
)

var (
	// years are years in figures or Chinese numerals that are no end of a
	// range.
	years = regexp.MustCompile(`((?:19|20)\d{2})年?(-|—|~|至|到)(?:19|20)\d{2}年?|((?:19|20)\d{2})年|([二一][〇○零九]` + hanDigit + `{2})年`)
	// quoted are titles of documents, whose years are theirs.
	quoted = regexp.MustCompile(`《[^》]*》|[〔\[(](?:19|20)\d{2}[〕\])]`)
	// announce matches the sentence that introduces a report.
	announce = regexp.MustCompile(`(?:现|兹|我)[^。]{0,12}(?:就|将|把)[^。]{0,80}(?:报告|汇报|总结|公布|公告|通报|公开)`)
	// planned marks what speaks of the year to come.
	planned = regexp.MustCompile(`计划|安排|打算|下一步|展望|思路|规划|纲要|要点`)
	// lastYear marks a text that speaks of the year before it was written.
	lastYear = regexp.MustCompile(`去年|上一?年度|过去一年|过去的一年`)
	// thisYear marks a text that speaks of the year in which it was written.
	thisYear = regexp.MustCompile(`今年以来|一年来|本年度`)
)

// year is the year reported on: the one that title, announcement, headings,
// opening and mentions speak for most, and that is not after publication. Zero
// where nothing speaks for one.
func (p *page) year(published string) int {
	limit := 0
	if len(published) >= 4 {
		limit = atoi(published[:4])
	}
	votes := map[int]int{}
	vote := func(key string, n int, only int) {
		for _, y := range yearsIn(key) {
			if limit == 0 || y <= limit {
				votes[y] += n
				if only--; only == 0 {
					return
				}
			}
		}
	}
	vote(newLineOf(p.title()).key, votesTitle, 1)

	opening := 0
	mentions := map[int]int{}
	var all strings.Builder
	for i, l := range p.lines {
		if l.n == 0 || p.roles[i] != roleBody {
			continue
		}
		key := quoted.ReplaceAllString(l.key, "")
		all.WriteString(key)
		for _, m := range announce.FindAllString(key, -1) {
			vote(m, votesAnnounce, 1)
		}
		if level := headingLevel(key); level >= 0 && level <= 1 {
			if head, _, _ := strings.Cut(key, "。"); !planned.MatchString(head) {
				vote(head, votesHeading, 1)
			}
		} else if l.sentences() && opening < 2 {
			opening++
			vote(key, votesOpening, 1)
		}
		for _, y := range yearsIn(key) {
			if mentions[y] < maxMentions && (limit == 0 || y <= limit) {
				mentions[y]++
				votes[y] += votesMention
			}
		}
	}
	if len(votes) > 0 {
		ys := slices.Collect(maps.Keys(votes))
		return slices.MaxFunc(ys, func(a, b int) int {
			return cmp.Or(cmp.Compare(votes[a], votes[b]), cmp.Compare(a, b))
		})
	}
	switch text := all.String(); {
	case limit == 0:
		return 0
	case lastYear.MatchString(text):
		return limit - 1
	case thisYear.MatchString(text):
		if month := atoi(published[5:7]); month < 10 { // a year is summed up at its end or soon after
			return limit - 1
		}
		return limit
	}
	return 0
}

// yearsIn are the years that a folded text names, in order; of a range none.
func yearsIn(key string) []int {
	var ys []int
	for _, m := range years.FindAllStringSubmatch(key, -1) {
		switch {
		case m[3] != "":
			ys = append(ys, atoi(m[3]))
		case m[4] != "":
			ys = append(ys, hanValue(m[4]))
		}
	}
	return slices.DeleteFunc(ys, func(y int) bool { return y < 1990 || y > 2100 })
}
