//! Tokens as text, and questions about tokens.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// Whether one of these names stands somewhere in the tokens; a lifetime is named without its `'`.
pub(crate) fn mentions(tokens: impl ToTokens, names: &[&Ident]) -> bool {
    tokens.into_token_stream().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.contains(&&ident),
        TokenTree::Group(group) => mentions(group.stream(), names),
        _ => false,
    })
}

/// Whether the word stands somewhere in the tokens.
pub(crate) fn has_word(tokens: impl ToTokens, word: &str) -> bool {
    mentions(tokens, &[&Ident::new(word, Span::call_site())])
}

/// The label of a type or a constant in case ids: its tokens without blanks, and without the
/// characters that case ids give a meaning to.
pub(crate) fn label(tokens: impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let shown = text.chars().filter(|c| !c.is_whitespace() && *c != '"');
    shown.map(|c| if matches!(c, '[' | ']' | ',' | '=' | '@') { '.' } else { c }).collect()
}

/// The tokens as they stand in the source, line breaks aside.
pub(crate) fn source(tokens: impl ToTokens) -> String {
    let tokens = tokens.into_token_stream();
    // Outside of a compiler, as in unit tests, tokens have no places.
    if !proc_macro::is_available() {
        return tokens.to_string();
    }
    let mut text = Written::default();
    text.write(tokens);
    text.text
}

/// A line and a column.
type Place = (usize, usize);

/// Text that is put together again from tokens, whose places tell where blanks were.
#[derive(Default)]
struct Written {
    text: String,
    end: Option<Place>,
}

impl Written {
    fn write(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Brace => ("{", "}"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::None => ("", ""),
                    };
                    // A group that was parsed knows the span of the whole only.
                    let (start, end) = places(group.span());
                    self.push(open, start, (start.0, start.1 + open.len()));
                    self.write(group.stream());
                    self.push(close, (end.0, end.1.saturating_sub(close.len())), end);
                }
                token => {
                    let (start, end) = places(token.span());
                    self.push(&token.to_string(), start, end);
                }
            }
        }
    }

    fn push(&mut self, token: &str, start: Place, end: Place) {
        if self.end.is_some_and(|end| end != start) {
            self.text.push(' ');
        }
        self.text.push_str(token);
        self.end = Some(end);
    }
}

/// Where a span starts and ends.
fn places(span: Span) -> (Place, Place) {
    let span = span.unwrap();
    let (start, end) = (span.start(), span.end());
    ((start.line(), start.column()), (end.line(), end.column()))
}
