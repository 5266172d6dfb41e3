package ecs

import (
	"errors"
	"slices"

	"ecs-activation/internal/activation"
)

// body is the decoded body of an answer.
type body interface {
	common() *errorBody // the fields that every answer can have
	check() error       // why HTTP 200 with this body is not a success; nil if it is one
	hasLists() bool     // whether lists of the answer are kept
}

// errorBody is the body of an error of the service. The case of the keys matters: a proxy's "code"
// is not the service's "Code".
type errorBody struct {
	OtherRequestId           ignored `json:"requestid"`
	OtherCode                ignored `json:"code"`
	OtherMessage             ignored `json:"message"`
	RequestId, Code, Message strict
}

func (e *errorBody) common() *errorBody { return e }

func (e *errorBody) hasLists() bool { return false }

// errHasCode is the error of HTTP 200 with a Code. Users see the message of the Code instead.
var errHasCode = errors.New("the answer holds the code of an error")

// createdBody is the answer to a create. It is a success even with a Code, because the activation
// code cannot be read again.
type createdBody struct {
	errorBody
	OtherActivationId            ignored `json:"activationid"`
	OtherActivationCode          ignored `json:"activationcode"`
	ActivationId, ActivationCode strict
}

func (b *createdBody) check() error {
	if b.ActivationId == "" || b.ActivationCode == "" {
		return errors.New("the answer holds no activation code")
	}
	return nil
}

type changedBody struct {
	errorBody
	Activation wireActivation

	requested string // the ActivationId that the answer must confirm
}

func (b *changedBody) hasLists() bool { return true } // of tags

func (b *changedBody) check() error {
	if b.Code != "" {
		return errHasCode
	}
	if string(b.Activation.ActivationId) != b.requested {
		return errors.New("the answer does not confirm the activation ID")
	}
	return nil
}

// listBody has the fields of every page of a list.
type listBody struct {
	errorBody
	TotalCount *number
	NextToken  text
}

func (b *listBody) hasLists() bool { return true }

// isEmpty reports whether a page without a list is the only page of an empty list.
func (b *listBody) isEmpty() bool {
	return b.RequestId != "" && b.TotalCount != nil && *b.TotalCount == 0 && b.NextToken == ""
}

type pageBody struct {
	listBody
	PageNumber, PageSize number
	ActivationList       *[]wireActivation
}

func (b *pageBody) check() error {
	switch {
	case b.Code != "":
		return errHasCode
	case b.ActivationList == nil && b.isEmpty():
		return nil
	case b.ActivationList == nil:
		return errors.New("the answer holds no list of codes")
	case slices.ContainsFunc(*b.ActivationList, func(a wireActivation) bool { return a.ActivationId == "" }):
		return errors.New("the answer holds a code without an ActivationId")
	}
	return nil
}

// page returns the page as a type of the domain.
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
