package linker

import (
	"math"
	"strconv"
	"strings"
)

// number is a number as written, at chars[from:to], approximating words and
// powers of ten included, unit not.
type number struct {
	from, to int
	value    float64
	max      *float64 // upper end of a range
	about    bool
	chinese  bool // in Chinese numerals
	bare     bool // Chinese numerals of powers of ten only: 百, 千
}

// maxDigits is the longest number that a quantity has; powers of ten are
// bounded with it, so that every value is finite and exact.
const maxDigits = 15

func chineseDigit(r rune) (float64, bool) {
	switch r {
	case '〇', '零':
		return 0, true
	case '一':
		return 1, true
	case '二', '两':
		return 2, true
	case '三':
		return 3, true
	case '四':
		return 4, true
	case '五':
		return 5, true
	case '六':
		return 6, true
	case '七':
		return 7, true
	case '八':
		return 8, true
	case '九':
		return 9, true
	}
	return 0, false
}

// chinesePower is the power of ten that a numeral stands for; 0 if it is none.
func chinesePower(r rune) float64 {
	switch r {
	case '十':
		return 1e1
	case '百':
		return 1e2
	case '千':
		return 1e3
	case '万':
		return 1e4
	case '亿':
		return 1e8
	}
	return 0
}

// rangeSigns stand between the ends of a range.
const rangeSigns = "-—–~～至到"

func isNumeral(r rune) bool {
	_, digit := chineseDigit(r)
	return digit || chinesePower(r) > 0
}

// readNumber reads the number at place i: Arabic or Chinese, with a power of
// ten (37万), about (余, 多, 来) and a second end (1-2, 三至五).
func readNumber(cs []rune, i int) (number, bool) {
	n, ok := readOne(cs, i)
	if !ok {
		return n, false
	}
	if n.to < len(cs) && strings.ContainsRune(rangeSigns, cs[n.to]) {
		at := n.to + 1
		if at < len(cs) && cs[at] == cs[n.to] {
			at++ // 3——5
		}
		second, ok := readOne(cs, at)
		if ok && second.chinese == n.chinese && (second.value > n.value || second.value*1e-3 > n.value) {
			// In 3-5万 the power belongs to both.
			if power := trailingPower(cs[second.from:second.to]); power > 1 && trailingPower(cs[n.from:n.to]) == 1 && !n.chinese {
				n.value = exact(n.value * power)
			}
			max := second.value
			n.max, n.to, n.about = &max, second.to, n.about || second.about
		}
	}
	return n, true
}

// readOne reads a number that is no range.
func readOne(cs []rune, i int) (number, bool) {
	if i >= len(cs) {
		return number{}, false
	}
	if isDigit(cs[i]) {
		return readArabic(cs, i)
	}
	if isNumeral(cs[i]) {
		return readChinese(cs, i)
	}
	return number{}, false
}

func readArabic(cs []rune, i int) (number, bool) {
	n := number{from: i}
	value, scale := 0.0, 1.0
	point := false
	for ; i < len(cs); i++ {
		switch r := cs[i]; {
		case isDigit(r):
			if point {
				scale /= 10
				value += float64(r-'0') * scale
			} else {
				value = value*10 + float64(r-'0')
			}
			continue
		case r == ',' && !point && groupOfThree(cs, i+1):
			continue
		case r == '.' && !point && i+1 < len(cs) && isDigit(cs[i+1]):
			point = true
			continue
		}
		break
	}
	if i-n.from > maxDigits {
		return n, false // a serial number
	}
	n.value, n.to = exact(value), i
	for n.to < len(cs) {
		r := cs[n.to]
		power := chinesePower(r)
		switch {
		case power > 0 && n.to-i < 3:
			n.value = exact(n.value * power)
			n.to++
		case isAbout(cs, n.to) && !n.about:
			n.about = true
			n.to++
		default:
			return n, true
		}
	}
	return n, true
}

// groupOfThree tells whether exactly three digits stand at place i.
func groupOfThree(cs []rune, i int) bool {
	for j := i; j < i+3; j++ {
		if j >= len(cs) || !isDigit(cs[j]) {
			return false
		}
	}
	return i+3 >= len(cs) || !isDigit(cs[i+3])
}

// exact takes away what binary fractions added beyond the digits that were
// written, of which there are at most maxDigits.
func exact(v float64) float64 {
	if v == math.Trunc(v) {
		return v
	}
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', maxDigits, 64), 64)
	return v
}

// isAbout tells whether place i says that the number before it is not exact.
func isAbout(cs []rune, i int) bool {
	switch cs[i] {
	case '余':
		return true
	case '多', '来', '几':
		// 3来 is nothing, 6年来 has its unit before; 10多次, 30来人, 十几名 do.
		return i+1 < len(cs) && (hasUnit(cs, i+1) || chinesePower(cs[i+1]) > 0)
	}
	return false
}

func readChinese(cs []rune, i int) (number, bool) {
	n := number{from: i, chinese: true, bare: true}
	total, section, digit := 0.0, 0.0, -1.0
	for ; i < len(cs); i++ {
		r := cs[i]
		if d, ok := chineseDigit(r); ok {
			if digit > 0 && d > digit && d <= digit+2 {
				n.max, n.about = &d, true // 两三, 三五: from the first to the second
				continue
			}
			if digit > 0 || digit == 0 && section == 0 && total == 0 {
				return number{}, false // 二〇二三
			}
			digit = d
			n.bare = false
			continue
		}
		if power := chinesePower(r); power > 0 {
			d := digit
			if d < 0 {
				d = 1
			}
			if power < 1e4 {
				section += d * power
			} else {
				if digit >= 0 || section == 0 && total == 0 {
					section += d
				}
				total = (total + section) * power
				section = 0
			}
			digit = -1
			if r == '十' {
				n.bare = false
			}
			continue
		}
		if i-n.from > maxDigits {
			return number{}, false
		}
		if isAbout(cs, i) && !n.about && i > n.from {
			n.about = true
			continue
		}
		break
	}
	if digit > 0 {
		section += digit
	}
	n.value, n.to = total+section, i
	return n, n.to > n.from
}

// trailingPower is the power of ten that a number ends with.
func trailingPower(cs []rune) float64 {
	power := 1.0
	for i := len(cs) - 1; i >= 0; i-- {
		p := chinesePower(cs[i])
		if p == 0 {
			break
		}
		power *= p
	}
	return power
}
