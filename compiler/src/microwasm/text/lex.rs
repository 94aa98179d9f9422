//! A line of text to tokens.

use crate::error::CompileError;

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind<'t> {
    /// Anything without white space, quotation marks and the marks below.
    Word(&'t str),
    /// What stands between quotation marks.
    Bytes(Vec<u8>),
    /// One of `[`, `]`, `,` and `=`.
    Mark(char),
}

/// A token and its place.
#[derive(Debug, Clone)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind<'t>,
    /// In characters, from 1.
    pub(super) column: u32,
}

/// A line's tokens, taken one by one.
#[derive(Debug, Default)]
pub(super) struct Line<'t> {
    tokens: Vec<Token<'t>>,
    next: usize,
    /// From 1.
    number: u32,
    /// The column after the last token.
    end: u32,
}

impl<'t> Line<'t> {
    /// Splits a line; comments are gone.
    pub(super) fn read(&mut self, text: &'t str, number: u32) -> Result<(), CompileError> {
        *self = Line { tokens: std::mem::take(&mut self.tokens), next: 0, number, end: 1 };
        self.tokens.clear();
        let mut characters = text.char_indices().peekable();
        let mut column = 0;
        while let Some((start, character)) = characters.next() {
            column += 1;
            let kind = match character {
                ';' if text[start..].starts_with(";;") => break,
                '[' | ']' | ',' | '=' => Kind::Mark(character),
                '"' => {
                    let inside = start + 1;
                    let Some(length) = closing(&text[inside..]) else {
                        return Err(self.error(column, "the quotation mark is not closed"));
                    };
                    let quoted = &text[inside..inside + length];
                    let bytes = unescape(quoted).map_err(|message| self.error(column, message))?;
                    self.tokens.push(Token { kind: Kind::Bytes(bytes), column });
                    for _ in 0..=quoted.chars().count() {
                        characters.next();
                        column += 1;
                    }
                    continue;
                }
                ';' => return Err(self.error(column, "a comment starts with `;;`")),
                character if character.is_whitespace() => continue,
                _ => {
                    let in_word = |c: char| !c.is_whitespace() && !matches!(c, '[' | ']' | ',' | '=' | '"' | ';');
                    let length = text[start..].find(|c| !in_word(c)).unwrap_or(text.len() - start);
                    let word = &text[start..start + length];
                    self.tokens.push(Token { kind: Kind::Word(word), column });
                    for _ in 1..word.chars().count() {
                        characters.next();
                        column += 1;
                    }
                    continue;
                }
            };
            self.tokens.push(Token { kind, column });
        }
        self.end = column + 1;
        Ok(())
    }

    /// An error at a column of this line.
    pub(super) fn error(&self, column: u32, message: impl Into<String>) -> CompileError {
        CompileError::Text { line: self.number, column, message: message.into() }
    }

    /// The column of the next token, or of the line's end.
    pub(super) fn column(&self) -> u32 {
        self.tokens.get(self.next).map_or(self.end, |token| token.column)
    }

    /// An error at the next token.
    pub(super) fn expected(&self, what: &str) -> CompileError {
        self.error(self.column(), format!("expected {what}"))
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.next == self.tokens.len()
    }

    /// The next token if it is a word.
    pub(super) fn peek(&self) -> Option<&'t str> {
        match self.tokens.get(self.next)?.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Takes a word.
    pub(super) fn word(&mut self, what: &str) -> Result<&'t str, CompileError> {
        let word = self.peek().ok_or_else(|| self.expected(what))?;
        self.next += 1;
        Ok(word)
    }

    /// Takes a word if it is this one.
    pub(super) fn has(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        self.next += usize::from(found);
        found
    }

    /// Takes this word or mark.
    pub(super) fn take(&mut self, text: &str) -> Result<(), CompileError> {
        if self.has(text) || self.has_mark(text) { Ok(()) } else { Err(self.expected(&format!("`{text}`"))) }
    }

    /// Takes a mark if it is this one.
    pub(super) fn has_mark(&mut self, mark: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some(Token { kind: Kind::Mark(found), .. })
            if mark.strip_prefix(*found) == Some(""));
        self.next += usize::from(found);
        found
    }

    /// Takes what stands between quotation marks.
    pub(super) fn bytes(&mut self) -> Result<Vec<u8>, CompileError> {
        match self.tokens.get_mut(self.next) {
            Some(Token { kind: Kind::Bytes(bytes), .. }) => {
                self.next += 1;
                Ok(std::mem::take(bytes))
            }
            _ => Err(self.expected("a text in quotation marks")),
        }
    }

    /// Takes a name between quotation marks, which is UTF-8.
    pub(super) fn name(&mut self) -> Result<Box<str>, CompileError> {
        let column = self.column();
        let bytes = self.bytes()?;
        String::from_utf8(bytes).map(Into::into).map_err(|_| self.error(column, "a name is UTF-8"))
    }

    /// Nothing more may follow.
    pub(super) fn done(&self) -> Result<(), CompileError> {
        if self.is_empty() { Ok(()) } else { Err(self.expected("the line's end")) }
    }
}

/// How many bytes there are before the closing quotation mark.
fn closing(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if !escaped => return Some(index),
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

fn unescape(text: &str) -> Result<Vec<u8>, &'static str> {
    const WRONG: &str = "after `\\` stands `\\`, `\"`, `n`, `t`, or two hexadecimal digits";
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next().ok_or(WRONG)? {
            b'n' => b'\n',
            b't' => b'\t',
            mark @ (b'"' | b'\\') => mark,
            high => {
                let digit = |byte: u8| char::from(byte).to_digit(16).ok_or(WRONG);
                (digit(high)? * 16 + digit(rest.next().ok_or(WRONG)?)?) as u8
            }
        });
    }
    Ok(bytes)
}
