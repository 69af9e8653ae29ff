//! One argument of `#[model(…)]`, before its word means anything.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Expr, ExprLit, Lit, Meta, Path, Token, token};

use super::Written;
use crate::diagnostics::Diagnostics;
use crate::suggest;
use crate::symbol::{self, Word};

/// One argument: its word, and what follows it.
pub(crate) struct Arg {
    pub(crate) name: Ident,
    pub(crate) form: Form,
}

/// What follows an argument's word.
pub(crate) enum Form {
    /// `key`
    Bare,
    /// `max_len = 255`
    Value(Expr),
    /// `unique(name = "…")`
    List(TokenStream),
    /// `created_at desc`
    Followed(Ident),
    /// `todos: Todo`
    Typed(Path),
}

impl Arg {
    /// The arguments of all `#[model(…)]` among these attributes.
    pub(crate) fn of(attributes: &[Attribute], diagnostics: &Diagnostics) -> Vec<Self> {
        let mut found = Vec::new();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(symbol::MODEL)) {
            match &attribute.meta {
                Meta::List(list) => {
                    let args = Self::list(list.tokens.clone(), diagnostics);
                    found.extend(args.into_iter().map(|arg| arg.alone(diagnostics)));
                }
                meta @ (Meta::Path(_) | Meta::NameValue(_)) => {
                    diagnostics.error(meta, "`model` takes its words in parentheses", "write `#[model(…)]`");
                }
            }
        }
        found
    }

    /// The arguments in these parentheses. One that cannot be read is reported, and the others are still read.
    pub(crate) fn list(tokens: TokenStream, diagnostics: &Diagnostics) -> Vec<Self> {
        let read = |part| syn::parse2::<Self>(part).map_err(|error| diagnostics.push(error)).ok();
        split(tokens).into_iter().filter_map(read).collect()
    }

    /// Without a second word, which only the columns of an index have.
    fn alone(mut self, diagnostics: &Diagnostics) -> Self {
        if let Form::Followed(word) = &self.form {
            diagnostics.push(syn::Error::new(word.span(), after_word(&self.name)));
            self.form = Form::Bare;
        }
        self
    }

    /// The word alone: `key`. One with a value is reported, and still stands.
    pub(crate) fn flag(&self, word: Word, diagnostics: &Diagnostics) -> Written<()> {
        if !matches!(self.form, Form::Bare) {
            diagnostics.error(self, format_args!("`{word}` stands alone"), format_args!("write `{}`", word.form));
        }
        Written::new((), &self.name)
    }

    /// A text that is not empty: `table = "users"`.
    pub(crate) fn text(&self, word: Word, diagnostics: &Diagnostics) -> Option<Written<String>> {
        let Form::Value(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) = &self.form else {
            return self.refuse(word, "takes a text in quotes", diagnostics);
        };
        if text.value().trim().is_empty() {
            diagnostics.error(text, format_args!("`{word}` is empty"), format_args!("write `{}`", word.form));
            return None;
        }
        Some(Written::new(text.value(), self))
    }

    /// A whole number: `max_len = 255`.
    pub(crate) fn number(&self, word: Word, diagnostics: &Diagnostics) -> Option<Written<u64>> {
        if let Form::Value(Expr::Lit(ExprLit { lit: Lit::Int(number), .. })) = &self.form
            && let Ok(value) = number.base10_parse()
        {
            return Some(Written::new(value, self));
        }
        self.refuse(word, "takes a whole number", diagnostics)
    }

    /// A name without quotes: `using = gin`.
    pub(crate) fn ident(&self, word: Word, diagnostics: &Diagnostics) -> Option<Ident> {
        if let Form::Value(Expr::Path(path)) = &self.form
            && let Some(ident) = path.path.get_ident()
        {
            return Some(ident.clone());
        }
        self.refuse(word, "takes a name without quotes", diagnostics)
    }

    /// The arguments in the word's parentheses: `unique(name = "…")`.
    pub(crate) fn nested(&self, word: Word, diagnostics: &Diagnostics) -> Option<Vec<Self>> {
        match &self.form {
            Form::List(tokens) => Some(Self::list(tokens.clone(), diagnostics)),
            _ => self.refuse(word, "takes its arguments in parentheses", diagnostics),
        }
    }

    /// Reports a form that the word does not have.
    pub(crate) fn refuse<T>(&self, word: Word, rule: &str, diagnostics: &Diagnostics) -> Option<T> {
        diagnostics.error(self, format_args!("`{word}` {rule}"), format_args!("write `{}`", word.form));
        None
    }

    /// Reports a word that this place does not have; `elsewhere` are the words of other places. Answers the word that it
    /// most likely means.
    pub(crate) fn unknown(
        &self,
        place: &str,
        words: &[Word],
        elsewhere: &[(&str, &[Word])],
        diagnostics: &Diagnostics,
    ) -> Option<&'static str> {
        let name = self.name.unraw().to_string();
        for (other, others) in elsewhere {
            if let Some(word) = others.iter().find(|word| word.name == name) {
                let help = format!("write `#[model({})]` {other}", word.form);
                diagnostics.error(&self.name, format_args!("`{name}` does not stand {place}"), help);
                return None;
            }
        }
        let names = || words.iter().map(|word| word.name);
        let near = suggest::nearest(&name, names());
        let suggestion = near.map_or(String::new(), |near| format!("did you mean `{near}`? "));
        let help = format!("{suggestion}The words here are {}", suggest::list(names()));
        diagnostics.error(&self.name, format_args!("`{name}` is not a word {place}"), help);
        near
    }
}

impl Parse for Arg {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.call(Ident::parse_any).map_err(|error| {
            syn::Error::new(error.span(), "expected a word\n  help: write it without quotes, as in `table = \"users\"`")
        })?;
        let missing = |after: &str| {
            let forms = symbol::forms_of(&name).join("` or `");
            let help = if forms.is_empty() { String::new() } else { format!("\n  help: write `{forms}`") };
            syn::Error::new(name.span(), format!("nothing follows `{name}{after}`{help}"))
        };
        let form = if input.is_empty() {
            Form::Bare
        } else if input.parse::<Option<Token![=]>>()?.is_some() {
            if input.is_empty() {
                return Err(missing(" ="));
            }
            Form::Value(input.parse()?)
        } else if input.parse::<Option<Token![:]>>()?.is_some() {
            if input.is_empty() {
                return Err(missing(":"));
            }
            Form::Typed(input.parse()?)
        } else if input.peek(token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            Form::List(content.parse()?)
        } else {
            let word = input.call(Ident::parse_any);
            Form::Followed(word.map_err(|error| syn::Error::new(error.span(), after_word(&name)))?)
        };
        if input.is_empty() { Ok(Self { name, form }) } else { Err(syn::Error::new(input.span(), after_word(&name))) }
    }
}

fn after_word(name: &Ident) -> String {
    format!("this cannot follow `{name}`\n  help: separate words with commas")
}

impl ToTokens for Arg {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.name.to_tokens(tokens);
        match &self.form {
            Form::Bare => {}
            Form::Value(expr) => expr.to_tokens(tokens),
            Form::List(list) => list.to_tokens(tokens),
            Form::Followed(word) => word.to_tokens(tokens),
            Form::Typed(path) => path.to_tokens(tokens),
        }
    }
}

/// The parts between commas, so that one that cannot be read does not hide the others.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        match token {
            TokenTree::Punct(comma) if comma.as_char() == ',' => parts.push(TokenStream::new()),
            token => parts.last_mut().into_iter().for_each(|part| part.extend([token.clone()])),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}
