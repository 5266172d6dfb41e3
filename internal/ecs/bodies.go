package ecs

import (
	"errors"
	"slices"

	"ecs-activation/internal/activation"
)

// body is an answer of the service, as one of the types below.
type body interface {
	shape() *errorBody // what every answer may hold
	problem() error    // why a 200 with it is no success; nil: it is one
	hasLists() bool    // it keeps lists of the answer
}

// errorBody is the shape of an error of the service. The keys are exact: a proxy's "code" is
// not the service's Code.
type errorBody struct {
	OtherRequestId           others `json:"requestid"`
	OtherCode                others `json:"code"`
	OtherMessage             others `json:"message"`
	RequestId, Code, Message exact
}

func (e *errorBody) shape() *errorBody { return e }

func (e *errorBody) hasLists() bool { return false }

// errCode is a 200 with a Code. Its words are never shown: the Code's are.
var errCode = errors.New("the answer holds the code of an error")

// createdBody is the one answer that a Code does not spoil: what it holds cannot be read again.
type createdBody struct {
	errorBody
	OtherActivationId            others `json:"activationid"`
	OtherActivationCode          others `json:"activationcode"`
	ActivationId, ActivationCode exact
}

func (b *createdBody) problem() error {
	if b.ActivationId == "" || b.ActivationCode == "" {
		return errors.New("the answer holds no activation code")
	}
	return nil
}

type changedBody struct {
	errorBody
	Activation wireActivation

	asked string // the ActivationId that the answer must confirm
}

func (b *changedBody) hasLists() bool { return true } // the tags

func (b *changedBody) problem() error {
	if b.Code != "" {
		return errCode
	}
	if string(b.Activation.ActivationId) != b.asked {
		return errors.New("the answer does not confirm the activation ID")
	}
	return nil
}

// listBody is what every page of a list holds.
type listBody struct {
	errorBody
	TotalCount *number
	NextToken  text
}

func (b *listBody) hasLists() bool { return true }

// nothing says whether a page without a list is the page of an empty one.
func (b *listBody) nothing() bool {
	return b.RequestId != "" && b.TotalCount != nil && *b.TotalCount == 0 && b.NextToken == ""
}

type pageBody struct {
	listBody
	PageNumber, PageSize number
	ActivationList       *[]wireActivation
}

func (b *pageBody) problem() error {
	switch {
	case b.Code != "":
		return errCode
	case b.ActivationList == nil && b.nothing():
		return nil
	case b.ActivationList == nil:
		return errors.New("the answer holds no list of codes")
	case slices.ContainsFunc(*b.ActivationList, func(a wireActivation) bool { return a.ActivationId == "" }):
		return errors.New("the answer holds a code without an ActivationId")
	}
	return nil
}

func (b *pageBody) page(answer activation.Answer, region string) activation.Page {
	page := activation.Page{
		Answer:     answer,
		PageNumber: int(b.PageNumber),
		PageSize:   int(b.PageSize),
		NextToken:  string(b.NextToken),
	}
	if b.TotalCount != nil {
		page.TotalCount = int(*b.TotalCount)
	}
	if b.ActivationList == nil {
		return page
	}
	page.ActivationList = make([]activation.Activation, len(*b.ActivationList))
	for i, a := range *b.ActivationList {
		page.ActivationList[i] = a.activation(region)
	}
	return page
}
