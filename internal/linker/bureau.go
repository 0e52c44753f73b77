package linker

import (
	"regexp"
	"strings"
	"unicode"
)

var bureauTitle = regexp.MustCompile(`^(?:关于)?(?:\d{4}年度?,?)?([省市区县州旗盟]?)(\p{Han}{2,14}?(?:局|委员会|厅))`)

// bareBureau is the bureau that a title, or the first words in its place, begins
// with, its division told by level alone (市水利局) or not at all; empty if it
// begins with none.
func (l *Linker) bareBureau(title string) string {
	m := bureauTitle.FindStringSubmatch(title)
	if m == nil {
		return ""
	}
	name := []rune(m[2])
	if hasAt(name, 0, words.Government) != "" || !bureauName(name) {
		return ""
	}
	if m[1] == "" {
		after := strings.TrimPrefix(title, m[0])
		if strings.ContainsAny(m[2], levelEndings) || !strings.HasPrefix(after, "关于") && strings.IndexFunc(after, unicode.IsDigit) != 0 {
			return ""
		}
		for range l.reg.Divisions.FindAt(name, 0) {
			return "" // 宁波水利局
		}
	}
	return m[1] + m[2]
}

// noBureauChars are characters that no bureau's name holds.
const noBureauChars = "年的于为是据把将被在着了"

// bureauName tells whether words that end as a bureau's name does may be one.
func bureauName(name []rune) bool {
	return longestSuffix(name, words.NoBureau) == 0 && !strings.ContainsAny(string(name), noBureauChars)
}

// levelEndings are the last characters of divisions' names, which a bureau's
// name may begin with.
const levelEndings = "省市区县州旗盟镇乡"

// bureauAfter is the bureau whose name follows a division's, with the word
// for the division's level in front (市水利局); empty if none does.
func bureauAfter(key []rune, to int, name string) string {
	const most = 16
	if hasAt(key, to, words.Government) != "" {
		return ""
	}
	best := 0
	for n := 3; n <= most && to+n <= len(key); n++ {
		last := key[to+n-1]
		if !isHan(last) && !strings.ContainsRune("()、", last) || strings.ContainsRune(noBureauChars, last) {
			break
		}
		word := key[to : to+n]
		if longestSuffix(word, words.Bureau) > 0 && bureauName(word) {
			best = n
			break
		}
		ends := to+n == len(key) || !isHan(key[to+n]) || startsWith(key[to+n:], "关于")
		if ends && longestSuffix(word, words.Office) > 0 && bureauName(word) {
			best = n
			break
		}
	}
	if best == 0 {
		return ""
	}
	level := []rune(name)[len([]rune(name))-1:]
	if !strings.ContainsRune(levelEndings, level[0]) {
		level = nil
	}
	return string(level) + string(key[to:to+best])
}
