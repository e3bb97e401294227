package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"vuoro/web/ui"
)

const apiIntroduction = "Everything that the pages can do, for programs. Times are RFC 3339 with an offset, money is in cents, ids are UUIDs; " +
	"a reservation is also known by its number. Errors are application/problem+json (RFC 9457) with a code that never changes and a sentence in the language of Accept-Language. " +
	"Send an Idempotency-Key with a booking and it is made once, however often it is sent. Changes want If-Match with the revision they are based on. " +
	"Call with a bearer token; a browser's session works too, with X-CSRF-Token on writes. Within v1 things are only added."

var apiTags = []*huma.Tag{
	{Name: "Places", Description: "Sites and rooms."},
	{Name: "Rules", Description: "Rule books, their versions and examples, and terms."},
	{Name: "Times", Description: "What is free, and what the rules say."},
	{Name: "Reservations", Description: "Holding, booking, changing and deciding."},
	{Name: "Series", Description: "Bookings that repeat: seen date by date, made at once, changed for one date, from a date on, or all to come."},
	{Name: "Wait list", Description: "Waiting for a time that is taken, and answering an offer of it."},
	{Name: "Calendars", Description: "Subscriptions for calendar programs."},
	{Name: "Associations", Description: "Who books together, and who may."},
	{Name: "People", Description: "The caller and the caller's tokens; the staff."},
	{Name: "Reports", Description: "For staff."},
}

type docsPage struct {
	ui.Frame
	Intro    string
	SpecHref string
	Base     string
	Groups   []docsGroup
	Schemas  []docsSchema
}

type docsGroup struct {
	Name       string
	About      string
	Operations []docsOperation
}

type docsOperation struct {
	ID      string
	Method  string
	Path    string
	Summary string
	More    string
	Inputs  []docsField
	Body    []docsField
	Answer  string // name of a schema
	Status  string
	Errors  []string
}

type docsField struct {
	Name     string
	Where    string
	Type     string
	Schema   string // to link to, "" = plain
	Required bool
	About    string
}

type docsSchema struct {
	Name   string
	Fields []docsField
}

// showAPIDocs is the document for people: the same facts as openapi.json.
func (v *visit) showAPIDocs() error {
	v.lang, v.say.Lang = "en", "en"
	spec := v.server.api.OpenAPI()
	page := docsPage{
		Frame: v.frame("API"), Intro: spec.Info.Description, Base: v.server.BaseURL + apiPrefix,
		SpecHref: pathTo("api-spec", "en"), Schemas: docsSchemas(spec),
	}
	page.Alternates = nil // written in English only
	for _, tag := range spec.Tags {
		page.Groups = append(page.Groups, docsGroup{Name: tag.Name, About: tag.Description, Operations: docsOperations(spec, tag.Name)})
	}
	return v.render("apidocs", page)
}

func docsOperations(spec *huma.OpenAPI, tag string) []docsOperation {
	var found []docsOperation
	for path, item := range spec.Paths {
		for method, op := range map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodDelete: item.Delete} {
			if op != nil && slices.Contains(op.Tags, tag) {
				found = append(found, docsOperationOf(spec, method, path, op))
			}
		}
	}
	slices.SortFunc(found, func(a, b docsOperation) int {
		return cmp.Or(cmp.Compare(strings.Count(a.Path, "/"), strings.Count(b.Path, "/")), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return found
}

func docsOperationOf(spec *huma.OpenAPI, method, path string, op *huma.Operation) docsOperation {
	d := docsOperation{ID: op.OperationID, Method: method, Path: path, Summary: op.Summary, More: op.Description}
	for _, p := range op.Parameters {
		d.Inputs = append(d.Inputs, docsField{Name: p.Name, Where: p.In, Type: typeOf(p.Schema), Required: p.Required, About: cmp.Or(p.Description, p.Schema.Description)})
	}
	if op.RequestBody != nil {
		for _, media := range op.RequestBody.Content {
			d.Body = docsFields(resolve(spec, media.Schema))
		}
	}
	for status, response := range op.Responses {
		if status >= "400" {
			d.Errors = append(d.Errors, status)
			continue
		}
		d.Status = status
		if media, ok := response.Content["application/json"]; ok && media.Schema != nil {
			d.Answer = refName(media.Schema)
		}
	}
	slices.Sort(d.Errors)
	return d
}

func docsSchemas(spec *huma.OpenAPI) []docsSchema {
	var schemas []docsSchema
	for name, schema := range spec.Components.Schemas.Map() {
		if schema.Type == huma.TypeObject && !strings.HasSuffix(name, "Input") && !strings.HasSuffix(name, "Request") {
			schemas = append(schemas, docsSchema{Name: name, Fields: docsFields(schema)})
		}
	}
	slices.SortFunc(schemas, func(a, b docsSchema) int { return strings.Compare(a.Name, b.Name) })
	return schemas
}

func docsFields(schema *huma.Schema) []docsField {
	if schema == nil {
		return nil
	}
	var fields []docsField
	for name, property := range schema.Properties {
		fields = append(fields, docsField{
			Name: name, Type: typeOf(property), Schema: refName(property), Required: slices.Contains(schema.Required, name), About: property.Description,
		})
	}
	slices.SortFunc(fields, func(a, b docsField) int {
		if a.Required != b.Required {
			return map[bool]int{true: -1, false: 1}[a.Required]
		}
		return strings.Compare(a.Name, b.Name)
	})
	return fields
}

func resolve(spec *huma.OpenAPI, schema *huma.Schema) *huma.Schema {
	if schema != nil && schema.Ref != "" {
		return spec.Components.Schemas.SchemaFromRef(schema.Ref)
	}
	return schema
}

// refName is the schema that a property or its items refer to, or "".
func refName(schema *huma.Schema) string {
	if schema.Items != nil {
		return refName(schema.Items)
	}
	return schema.Ref[strings.LastIndexByte(schema.Ref, '/')+1:]
}

func typeOf(schema *huma.Schema) string {
	switch {
	case schema.Ref != "":
		return refName(schema)
	case schema.Items != nil:
		return "list of " + typeOf(schema.Items)
	case len(schema.Enum) > 0:
		var values []string
		for _, value := range schema.Enum {
			if text, ok := value.(string); ok {
				values = append(values, text)
			}
		}
		return strings.Join(values, " | ")
	case schema.Format != "":
		return schema.Format
	case schema.Type == "":
		return "any"
	}
	return schema.Type
}
