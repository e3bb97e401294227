package notify

import (
	"vuoro/ledger"
	"vuoro/web/locales"
)

// PriceWords are the words of one step of a price and its amount: "Evening use,
// 150 %" and "12.00 €".
func PriceWords(p locales.Printer, line ledger.PriceLine) (label, amount string) {
	name, _ := line.Name.In(p.Lang)
	switch {
	case line.Kind == "factor" && name == "":
		name = p.Word("price.factor", line.Key)
	case line.Kind == "fee" && name == "":
		name = line.Key
	}
	switch line.Kind {
	case "base":
		label = p.T("price.line.base")
		if name != "" {
			label = name
		}
	case "factor":
		label = p.T("price.line.factor", "name", name, "percent", line.Percent)
	case "fee":
		label = name
	case "vat", "included_vat":
		label = p.T("price.line."+line.Kind, "percent", p.Amount(float64(line.Permille)/10, 1))
	default:
		label = p.T("price.line." + line.Kind)
	}
	return label, p.Money(line.Cents)
}
