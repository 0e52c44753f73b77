package server

import (
	"context"
	"net/http"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// maxClients is how many clients' budgets are kept; those not seen for longest
// begin anew.
const maxClients = 50_000

// Budgets gives every client points to spend on queries: a full minute's worth
// at once, and as many again in every minute. Its methods may be called at once.
type Budgets struct {
	perMinute int
	now       func() time.Time
	clients   *lru.Cache[string, *rate.Limiter]
}

// NewBudgets gives so many points per minute to each client; none are counted
// if perMinute is 0. now may be nil.
func NewBudgets(perMinute int, now func() time.Time) *Budgets {
	clients, err := lru.New[string, *rate.Limiter](maxClients)
	if err != nil {
		panic(err) // only for a size below 1
	}
	if now == nil {
		now = time.Now
	}
	return &Budgets{perMinute: perMinute, now: now, clients: clients}
}

type budgetKey struct{}

// account is the budget of one request's client, and where to tell what is left.
type account struct {
	limiter *rate.Limiter
	header  http.Header
}

// open lets requests be charged.
func (b *Budgets) open(next http.Handler) http.Handler {
	if b == nil || b.perMinute == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client := clientIn(r.Context())
		limiter, known := b.clients.Get(client)
		if !known {
			limiter = rate.NewLimiter(rate.Limit(float64(b.perMinute)/60), b.perMinute)
			// Another request of this client may have come first.
			if held, first, _ := b.clients.PeekOrAdd(client, limiter); first {
				limiter = held
			}
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), budgetKey{}, account{limiter, w.Header()})))
	})
}

// Charge takes points from the budget of the client whose request is in ctx,
// one at least, and tells in the answer's headers what is left. The error, for
// clients to see, is that they are not there; then nothing is taken.
func (b *Budgets) Charge(ctx context.Context, points int) error {
	a, counted := ctx.Value(budgetKey{}).(account)
	if !counted {
		return nil
	}
	now := b.now()
	points = max(points, 1)
	ok := a.limiter.AllowN(now, points)
	left := a.limiter.TokensAt(now)
	perSecond := float64(b.perMinute) / 60
	a.header.Set("RateLimit-Limit", number(float64(b.perMinute)))
	a.header.Set("RateLimit-Remaining", number(max(left, 0)))
	a.header.Set("RateLimit-Reset", seconds(time.Duration((float64(b.perMinute)-left)/perSecond*float64(time.Second))))
	if ok {
		return nil
	}
	wait := seconds(time.Duration((float64(points) - left) / perSecond * float64(time.Second)))
	a.header.Set("Retry-After", wait)
	return busy(codeRateLimited, "the budget of points per minute is used up: ask for less, or wait for "+wait+" s")
}
