package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// Rule books as those write them who look after places, and terms as they read
// them.

func (s *Server) addRuleOperations() {
	const book, version = "/rule-books/{key}", "/rule-books/{key}/{version}"
	add := func(name, method, path, summary, more string) operation {
		return operation{name: name, method: method, path: path, who: cityAdmins, tag: "Rules", summary: summary, more: more}
	}
	read := func(op operation) operation { op.method, op.who = http.MethodGet, keepers; return op }
	draft := add("draft-rule-book", http.MethodPost, book+"/versions", "Make a draft",
		"The next version of a rule book; the first version makes the book. Failing examples are no hindrance. Books of a unit are its managers'.")
	draft.status = http.StatusCreated
	serve(s, read(add("list-rule-books", "", "/rule-books", "List rule books", "Those of the city and of the caller's own units.")), listRuleBooks)
	serve(s, read(add("list-rule-versions", "", book, "List the versions of a rule book", "The newest first.")), listRuleVersions)
	serve(s, read(add("read-rule-book", "", version, "Read a version of a rule book", "name, source, rules and examples are a file of rules: see the documentation of rules.")), readRuleBook)
	serve(s, draft, draftRuleBook)
	serve(s, add("save-rule-book", http.MethodPut, version, "Change a draft", "All fields are replaced. A version that is live never changes: 409."), saveRuleBook)
	trial := add("try-rule-book", http.MethodPost, version+"/try", "Try the examples of a version", "Nothing is written.")
	trial.who = keepers
	serve(s, trial, tryRuleBook)
	serve(s, add("publish-rule-book", http.MethodPost, version+"/publish", "Make a draft live",
		"From then on it never changes. stranded is how many coming reservations it would refuse or price differently: another number than now is 409, rulebook.see_stranded. Failing examples refuse it."), publishRuleBook)
	serve(s, add("withdraw-rule-book", http.MethodPost, version+"/withdraw", "Make a version that is not in force yet a draft again", ""), withdrawRuleBook)
	serve(s, read(add("list-terms-versions", "", "/terms/{key}", "List the versions of terms", "The newest first.")), listTermsVersions)
	serve(s, read(add("read-terms", "", "/terms/{key}/{version}", "Read a version of terms", "")), readTerms)
}

// bookSummary is a rule book in a list.
type bookSummary struct {
	Key       string        `json:"key"`
	Unit      string        `json:"unit" doc:"Slug; empty for the whole city."`
	Name      locales.Texts `json:"name"`
	Live      int           `json:"live" doc:"The version in force; 0 = none."`
	Resources int           `json:"resources" doc:"That follow it."`
	Drafts    []int         `json:"drafts"`
}

// versionSummary is a version in a list.
type versionSummary struct {
	Key       string     `json:"key"`
	Version   int        `json:"version"`
	State     string     `json:"state" enum:"draft,live" doc:"live from valid_from on."`
	ValidFrom *time.Time `json:"valid_from"`
	Revision  int        `json:"revision"`
}

// decisionBody is the decision that a version carries out.
type decisionBody struct {
	Reference string `json:"reference,omitempty"`
	Address   string `json:"address,omitempty" doc:"Where it can be read."`
}

// ruleBookBody is a draft as it is written: a file of rules, and on what the
// book stands.
type ruleBookBody struct {
	Source    string          `json:"source,omitempty" doc:"What the rules were written from; the decision's reference where it has none."`
	Name      locales.Texts   `json:"name,omitempty"`
	Place     json.RawMessage `json:"place,omitempty" doc:"Of all examples, unless they say otherwise."`
	Rules     json.RawMessage `json:"rules" doc:"The envelope of rules: version, questions, tariffs, vat, rules."`
	Examples  json.RawMessage `json:"examples,omitempty"`
	Unit      string          `json:"unit,omitempty" doc:"Id or slug, of a new book; the whole city by default."`
	Base      string          `json:"base,omitempty" doc:"Key of the shared book whose rules follow its own."`
	BaseFirst bool            `json:"base_first,omitempty" doc:"The shared rules come before its own."`
	Decision  decisionBody    `json:"decision,omitempty"`
}

// ruleBookView is a version of a rule book.
type ruleBookView struct {
	versionSummary
	Unit      string            `json:"unit" doc:"Slug; empty for the whole city."`
	Source    string            `json:"source"`
	Name      locales.Texts     `json:"name"`
	Base      string            `json:"base"`
	BaseFirst bool              `json:"base_first"`
	Decision  decisionBody      `json:"decision"`
	Rules     json.RawMessage   `json:"rules"`
	Examples  []json.RawMessage `json:"examples"`
}

type ruleBookAnswer struct {
	ETag string `header:"ETag"`
	Body ruleBookView
}

// VersionRef names a version of a rule book or of terms.
type VersionRef struct {
	Key     string `path:"key" maxLength:"200"`
	Version int    `path:"version" minimum:"1" maximum:"2147483647"`
}

type keyRef struct {
	Key string `path:"key" maxLength:"200"`
}

func versionSummaryOf(b resources.RuleBook) versionSummary {
	view := versionSummary{b.Key, b.Version, b.State, nil, b.Revision}
	if b.State == "live" {
		view.ValidFrom = b.ValidFrom
	}
	return view
}

// slugOf is the slug of a unit, "" of the whole city.
func (c *call) slugOf(id *int) (string, error) {
	if id == nil {
		return "", nil
	}
	units, err := c.server.Resources.Units(c.ctx, c.server.DB)
	i := slices.IndexFunc(units, func(u resources.Unit) bool { return u.ID == *id })
	if err != nil || i < 0 {
		return "", err
	}
	return units[i].Slug, nil
}

func (c *call) ruleBookAnswer(b resources.RuleBook) (*ruleBookAnswer, error) {
	slug, err := c.slugOf(b.Unit)
	if err != nil {
		return nil, err
	}
	file := catalogue.FileOf(b)
	view := ruleBookView{
		versionSummary: versionSummaryOf(b), Unit: slug, Source: file.Source, Name: b.Name, Base: b.Base, BaseFirst: b.BaseFirst,
		Decision: decisionBody(b.Decision.V), Examples: []json.RawMessage{},
	}
	if view.Rules, err = json.Marshal(file.Rules); err != nil {
		return nil, err
	}
	for _, example := range file.Examples {
		text, err := json.Marshal(example)
		if err != nil {
			return nil, err
		}
		view.Examples = append(view.Examples, text)
	}
	return &ruleBookAnswer{ETag: strconv.Quote(strconv.Itoa(b.Revision)), Body: view}, nil
}

func listRuleBooks(c *call, _ *struct{}) (*body[[]bookSummary], error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	books, err := c.server.Catalogue.Rulebooks(c.ctx, c.actor)
	if err != nil {
		return nil, err
	}
	list := []bookSummary{}
	for _, book := range books {
		slug, err := c.slugOf(book.Unit)
		if err != nil {
			return nil, err
		}
		row := bookSummary{Key: book.Key, Unit: slug, Name: book.Versions[0].Name, Resources: book.Users, Drafts: []int{}}
		if live := book.Live(c.server.Catalogue); live != nil {
			row.Live, row.Name = live.Version, live.Name
		}
		for _, draft := range book.Drafts() {
			row.Drafts = append(row.Drafts, draft.Version)
		}
		list = append(list, row)
	}
	return &body[[]bookSummary]{list}, nil
}

func listRuleVersions(c *call, in *keyRef) (*body[[]versionSummary], error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	book, err := c.server.Catalogue.Rulebook(c.ctx, c.actor, in.Key)
	list := []versionSummary{}
	for _, version := range book.Versions {
		list = append(list, versionSummaryOf(version))
	}
	return &body[[]versionSummary]{list}, err
}

// ruleBook is a version that the caller may read.
func (c *call) ruleBook(ref VersionRef) (resources.RuleBook, error) {
	if err := c.requireSignIn(); err != nil {
		return resources.RuleBook{}, err
	}
	if _, err := c.server.Catalogue.Rulebook(c.ctx, c.actor, ref.Key); err != nil {
		return resources.RuleBook{}, err
	}
	return c.server.Resources.BookVersion(c.ctx, c.server.DB, ref.Key, ref.Version)
}

func readRuleBook(c *call, in *VersionRef) (*ruleBookAnswer, error) {
	book, err := c.ruleBook(*in)
	if err != nil {
		return nil, err
	}
	return c.ruleBookAnswer(book)
}

// fill puts what was written into a draft.
func (b ruleBookBody) fill(draft *resources.RuleBook) error {
	file := map[string]json.RawMessage{"rules": b.Rules}
	for name, part := range map[string]json.RawMessage{"place": b.Place, "examples": b.Examples} {
		if len(part) > 0 {
			file[name] = part
		}
	}
	text, err := json.Marshal(file)
	if err != nil {
		return fault.InvalidField("rules", "rules.unreadable")
	}
	parsed, err := policies.ParseFile(text)
	if err != nil {
		return err
	}
	parsed.Source, parsed.Name = b.Source, policies.Note(b.Name)
	draft.Decision = db.AsJSON(resources.Decision{})
	catalogue.FillFromFile(draft, parsed)
	draft.Base, draft.BaseFirst, draft.Decision.V.Address = b.Base, b.BaseFirst, b.Decision.Address
	if b.Decision.Reference != "" {
		draft.Decision.V.Reference = b.Decision.Reference
	}
	return nil
}

type newRuleBook struct {
	Key  string `path:"key" maxLength:"200"`
	Body ruleBookBody
}

func draftRuleBook(c *call, in *newRuleBook) (*ruleBookAnswer, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	draft := resources.RuleBook{Key: in.Key}
	if in.Body.Unit != "" {
		unit, err := c.unit(in.Body.Unit)
		if err != nil {
			return nil, err
		}
		draft.Unit = &unit.ID
	}
	if err := in.Body.fill(&draft); err != nil {
		return nil, err
	}
	made, err := c.server.Catalogue.DraftBook(c.ctx, c.actor, draft)
	if err != nil {
		return nil, err
	}
	return c.ruleBookAnswer(made)
}

// VersionChange is a write of a version in the revision that was read.
type VersionChange struct {
	VersionRef
	IfMatch string `header:"If-Match" doc:"The revision that the change is based on. Missing: 428, old: 412."`
}

type ruleBookChange struct {
	VersionChange
	Body ruleBookBody
}

// draftAt is the version of a write with the revision of its If-Match.
func (c *call) draftAt(in VersionChange) (resources.RuleBook, error) {
	book, err := c.ruleBook(in.VersionRef)
	if err != nil {
		return book, err
	}
	if !c.server.Catalogue.MayRule(c.actor, book.Unit) {
		return book, fault.New(fault.Forbidden, "auth.forbidden")
	}
	revision, err := revisionOf(in.IfMatch)
	if revision != 0 && revision != book.Revision && err == nil {
		err = fault.New(fault.Stale, "stale")
	}
	return book, err
}

func saveRuleBook(c *call, in *ruleBookChange) (*ruleBookAnswer, error) {
	draft, err := c.draftAt(in.VersionChange)
	if err != nil {
		return nil, err
	}
	if in.Body.Unit != "" {
		return nil, fault.InvalidField("unit", "invalid")
	}
	if err := in.Body.fill(&draft); err != nil {
		return nil, err
	}
	saved, err := c.server.Catalogue.SaveDraft(c.ctx, c.actor, draft)
	if err != nil {
		return nil, err
	}
	return c.ruleBookAnswer(saved)
}

type trialView struct {
	Name        string           `json:"name" doc:"Of the example."`
	Pass        bool             `json:"pass"`
	Differences []differenceView `json:"differences"`
}

type differenceView struct {
	What string `json:"what" enum:"verdict,cents,competes,priority,rules,codes,approvals,late_fee"`
	Want any    `json:"want"`
	Got  any    `json:"got"`
}

func tryRuleBook(c *call, in *VersionRef) (*body[[]trialView], error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	trials, err := c.server.Catalogue.TryExamples(c.ctx, c.actor, in.Key, in.Version)
	list := []trialView{}
	for _, trial := range trials {
		row := trialView{Name: trial.Example.Name, Pass: len(trial.Differences) == 0, Differences: []differenceView{}}
		for _, d := range trial.Differences {
			row.Differences = append(row.Differences, differenceView(d))
		}
		list = append(list, row)
	}
	return &body[[]trialView]{list}, err
}

type publishInput struct {
	VersionChange
	Body struct {
		ValidFrom *time.Time    `json:"valid_from,omitempty" doc:"Now by default."`
		Decision  *decisionBody `json:"decision,omitempty" doc:"That of the draft by default."`
		Stranded  int           `json:"stranded" minimum:"0" doc:"How many coming reservations the caller knows to be refused or priced differently."`
	}
}

func publishRuleBook(c *call, in *publishInput) (*ruleBookAnswer, error) {
	draft, err := c.draftAt(in.VersionChange)
	if err != nil {
		return nil, err
	}
	publication := catalogue.Publication{Key: draft.Key, Version: draft.Version, Revision: draft.Revision}
	if in.Body.ValidFrom != nil {
		publication.From = *in.Body.ValidFrom
	}
	if in.Body.Decision != nil {
		publication.Decision = resources.Decision(*in.Body.Decision)
	}
	draft.ValidFrom = in.Body.ValidFrom
	strands, err := c.server.Booking.Stranded(c.ctx, c.actor, draft)
	if err != nil {
		return nil, err
	}
	if len(strands) != in.Body.Stranded {
		return nil, fault.New(fault.Conflict, "rulebook.see_stranded", fault.Params{"n": len(strands)})
	}
	live, err := c.server.Catalogue.Publish(c.ctx, c.actor, publication)
	if err != nil {
		return nil, err
	}
	return c.ruleBookAnswer(live)
}

func withdrawRuleBook(c *call, in *VersionRef) (*ruleBookAnswer, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	draft, err := c.server.Catalogue.Withdraw(c.ctx, c.actor, in.Key, in.Version)
	if err != nil {
		return nil, err
	}
	return c.ruleBookAnswer(draft)
}

// termsVersionView is a version of terms.
type termsVersionView struct {
	Key       string        `json:"key"`
	Version   int           `json:"version"`
	State     string        `json:"state" enum:"draft,live"`
	ValidFrom *time.Time    `json:"valid_from"`
	Unit      string        `json:"unit" doc:"Slug; empty for the whole city."`
	Title     locales.Texts `json:"title"`
	Body      locales.Texts `json:"body"`
	Decision  decisionBody  `json:"decision"`
	Revision  int           `json:"revision"`
}

type termsAnswer struct {
	ETag string `header:"ETag"`
	Body termsVersionView
}

// termsOf are the versions of terms that the caller may read, the newest first.
func (c *call) termsOf(key string) ([]termsVersionView, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	all, err := c.server.Catalogue.TermsVersions(c.ctx, c.actor)
	if err != nil {
		return nil, err
	}
	var list []termsVersionView
	for _, t := range all {
		if t.Key != key {
			continue
		}
		slug, err := c.slugOf(t.Unit)
		if err != nil {
			return nil, err
		}
		list = append(list, termsVersionView{t.Key, t.Version, t.State, t.ValidFrom, slug, t.Title, t.Body, decisionBody(t.Decision.V), t.Revision})
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "terms.not_found")
	}
	return list, nil
}

func listTermsVersions(c *call, in *keyRef) (*body[[]termsVersionView], error) {
	list, err := c.termsOf(in.Key)
	return &body[[]termsVersionView]{list}, err
}

func readTerms(c *call, in *VersionRef) (*termsAnswer, error) {
	list, err := c.termsOf(in.Key)
	if err != nil {
		return nil, err
	}
	for _, t := range list {
		if t.Version == in.Version {
			return &termsAnswer{ETag: strconv.Quote(strconv.Itoa(t.Revision)), Body: t}, nil
		}
	}
	return nil, fault.New(fault.NotFound, "terms.not_found")
}
