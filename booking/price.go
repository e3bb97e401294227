package booking

import (
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/web/locales"
)

// PriceLines are the steps of a price, whose cents add up to it, and then the
// VAT that it holds and the deposit beside it. A price without steps has none.
func PriceLines(price policies.Price) []ledger.PriceLine {
	if price.Cents == nil {
		return nil
	}
	var lines []ledger.PriceLine
	for _, line := range price.Lines {
		l := ledger.PriceLine{Kind: line.Kind, Key: line.Key, Name: locales.Texts(line.Name), Percent: line.Percent, Cents: line.Cents}
		switch line.Kind {
		case "base":
			l.Name = locales.Texts(price.Name)
		case "vat":
			l.Permille = price.VATPermille
		}
		lines = append(lines, l)
	}
	onTop := len(lines) > 0 && lines[len(lines)-1].Kind == "vat"
	if price.VATPermille > 0 && !onTop {
		lines = append(lines, ledger.PriceLine{Kind: "included_vat", Permille: price.VATPermille, Cents: price.VATCents})
	}
	if price.DepositCents > 0 {
		lines = append(lines, ledger.PriceLine{Kind: "deposit", Cents: price.DepositCents})
	}
	return lines
}

// PriceLines are those of what is to be paid; none where something else was
// granted than the rules came to.
func (r Reservation) PriceLines() []ledger.PriceLine {
	if !sameNumber(r.PriceCents, r.Price.V.Cents) {
		return nil
	}
	return PriceLines(r.Price.V)
}
