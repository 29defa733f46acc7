//! Sending a record to a server: a POST of its JSON, with a bearer token where there is one.
//!
//! Sending twice does no harm: each request names the run in `Idempotency-Key`. What may pass is tried again (no
//! connection, 429, 5xx), each time after twice as long. The token goes to the host that it was given for and to no
//! other, and not over plain HTTP unless that host is this machine.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use ureq::http::{HeaderValue, Response, StatusCode, Uri, header};
use ureq::{Agent, Body};

use super::model::Record;

/// How often a server may say that it is elsewhere.
const REDIRECTS: usize = 5;
/// The first wait before another attempt.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// How much of a server's answer is shown.
const SHOWN: usize = 300;

/// A secret that is never shown.
#[derive(Clone)]
pub struct Token(HeaderValue);

/// Where records go, and how hard to try.
#[derive(Clone, Debug)]
pub struct Server {
    url: Uri,
    token: Option<Token>,
    /// How often a failed attempt is repeated.
    pub retries: u32,
    /// How long an attempt may take.
    pub timeout: Duration,
}

/// Why a record was not received.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The address cannot be used.
    #[error("`{url}` cannot be uploaded to: {problem}")]
    Address {
        /// The address, without what could be secret in it.
        url: String,
        /// Why not.
        problem: String,
    },
    /// The token cannot be sent.
    #[error("the token in BITNET_BENCH_TOKEN is not one: it has blanks, line breaks or other strange characters in it")]
    Token,
    /// The record cannot be written as JSON.
    #[error("the run cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The server cannot be reached, or does not answer in time.
    #[error("{url} does not answer ({attempts}): {source}")]
    Unreachable {
        /// The server.
        url: String,
        /// How often it was tried.
        attempts: Attempts,
        /// Why.
        source: Box<ureq::Error>,
    },
    /// The server has answered that it did not take it.
    #[error("{url} answered {status}: {advice}{}", said(answer))]
    Refused {
        /// The server.
        url: String,
        /// Its answer.
        status: StatusCode,
        /// What to do about it.
        advice: String,
        /// The beginning of what it wrote.
        answer: String,
    },
}

/// How often something was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts(u32);

impl fmt::Display for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => write!(f, "one attempt"),
            attempts => write!(f, "{attempts} attempts"),
        }
    }
}

fn said(answer: &str) -> String {
    if answer.is_empty() { String::new() } else { format!("; it says: {answer}") }
}

impl Token {
    /// A token, as it stands in the environment.
    ///
    /// # Errors
    /// If it has characters that no header can carry.
    pub fn new(secret: &str) -> Result<Self, UploadError> {
        let secret = secret.trim();
        if secret.is_empty() || !secret.chars().all(|c| c.is_ascii_graphic()) {
            return Err(UploadError::Token);
        }
        let mut header = HeaderValue::from_str(&format!("Bearer {secret}")).map_err(|_| UploadError::Token)?;
        header.set_sensitive(true);
        Ok(Self(header))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Server {
    /// The server at an address.
    ///
    /// # Errors
    /// If the address is none of `http` and `https`, has a password in it, or the token would go over the network for
    /// all to read.
    pub fn new(url: &str, token: Option<Token>) -> Result<Self, UploadError> {
        let problem = |problem: &str| UploadError::Address { url: shown_text(url), problem: problem.to_owned() };
        let parsed: Uri = url.parse().map_err(|error: ureq::http::uri::InvalidUri| problem(&error.to_string()))?;
        if !matches!(parsed.scheme_str(), Some("http" | "https")) || parsed.host().is_none() {
            return Err(problem("write it as https://host/path"));
        }
        if parsed.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(problem("it has a user or a password in it; put a token into BITNET_BENCH_TOKEN instead"));
        }
        if token.is_some() && parsed.scheme_str() == Some("http") && !is_loopback(&parsed) {
            return Err(problem("the token would be sent unencrypted; use https"));
        }
        Ok(Self { url: parsed, token, retries: 3, timeout: Duration::from_secs(60) })
    }

    /// Sends a record, and gives back what the server answered.
    ///
    /// # Errors
    /// If the server cannot be reached, or does not take it.
    pub fn send(&self, record: &Record) -> Result<StatusCode, UploadError> {
        let body = serde_json::to_vec(record)?;
        let mut url = self.url.clone();
        for _ in 0..=REDIRECTS {
            let mut response = self.try_to_send(&url, &record.run.id, &body)?;
            let status = response.status();
            if status.is_success() || status == StatusCode::CONFLICT {
                return Ok(status);
            }
            match moved(&response, &url) {
                Some(to) if is_same_host(&url, &to) => url = to,
                _ => return Err(refusal(&url, &mut response)),
            }
        }
        let problem = "it moves in a circle".to_owned();
        Err(UploadError::Address { url: shown(&self.url), problem })
    }

    /// Repeats what may have failed by chance.
    fn try_to_send(&self, url: &Uri, id: &str, body: &[u8]) -> Result<Response<Body>, UploadError> {
        let agent = self.agent(url);
        let (mut wait, mut attempt) = (FIRST_WAIT, 1);
        loop {
            let is_last = attempt > self.retries;
            match self.post(&agent, url, id, body) {
                Ok(response) if is_last || !is_passing(response.status()) => return Ok(response),
                Err(error) if is_last || !may_pass(&error) => {
                    let (url, attempts) = (shown(url), Attempts(attempt));
                    return Err(UploadError::Unreachable { url, attempts, source: Box::new(error) });
                }
                _ => std::thread::sleep(wait),
            }
            wait = wait.saturating_mul(2);
            attempt += 1;
        }
    }

    fn post(&self, agent: &Agent, url: &Uri, id: &str, body: &[u8]) -> Result<Response<Body>, ureq::Error> {
        let mut request = agent.post(url).content_type("application/json").header("Idempotency-Key", id);
        if let Some(Token(token)) = &self.token {
            request = request.header(header::AUTHORIZATION, token);
        }
        request.send(body)
    }

    fn agent(&self, url: &Uri) -> Agent {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            // They are followed here, where the token is watched.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_global(Some(self.timeout))
            .user_agent(concat!("bitnet-bench/", env!("CARGO_PKG_VERSION")));
        if is_loopback(url) {
            // This machine is not behind the proxy that the environment names.
            config = config.proxy(None);
        }
        config.build().into()
    }
}

/// Whether an error may be gone at the next attempt.
fn may_pass(error: &ureq::Error) -> bool {
    use ureq::Error;
    matches!(
        error,
        Error::Io(_) | Error::Timeout(_) | Error::ConnectionFailed | Error::HostNotFound | Error::Protocol(_)
    )
}

fn is_passing(status: StatusCode) -> bool {
    status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED || status == StatusCode::TOO_MANY_REQUESTS
}

/// Where the server says that it is. `303` is left out: it asks for another method.
fn moved(response: &Response<Body>, from: &Uri) -> Option<Uri> {
    if !matches!(response.status().as_u16(), 301 | 302 | 307 | 308) {
        return None;
    }
    let to = response.headers().get(header::LOCATION)?.to_str().ok()?;
    let absolute = if to.starts_with('/') && !to.starts_with("//") {
        format!("{}://{}{to}", from.scheme_str()?, from.authority()?)
    } else {
        to.to_owned()
    };
    absolute.parse().ok()
}

/// Whether the token may follow: the same host and port, or from plain HTTP to the same host's HTTPS.
fn is_same_host(from: &Uri, to: &Uri) -> bool {
    let is_upgrade = from.scheme_str() == Some("http") && to.scheme_str() == Some("https");
    from.host() == to.host() && (is_upgrade || from.scheme() == to.scheme() && from.port_u16() == to.port_u16())
}

fn is_loopback(url: &Uri) -> bool {
    let host = url.host().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

fn refusal(url: &Uri, response: &mut Response<Body>) -> UploadError {
    let status = response.status();
    let location = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
    let advice = match status.as_u16() {
        401 => "it wants a token, or another one: set BITNET_BENCH_TOKEN".to_owned(),
        403 => "the token does not permit this".to_owned(),
        404 => "there is nothing at this address: check the path".to_owned(),
        405 => "this address takes no POST: check the path".to_owned(),
        413 => "the run is too large for it: raise the server's limit on a request".to_owned(),
        429 => "it had too many requests: try again later".to_owned(),
        300..=399 => match location {
            Some(to) => format!("it is at {}: give that address, if you trust it", shown_text(to)),
            None => "it is elsewhere, and does not say where".to_owned(),
        },
        500..=599 => "something is wrong with the server: try again later".to_owned(),
        _ => "it did not take the run".to_owned(),
    };
    let text = response.body_mut().with_config().limit(1 << 16).read_to_string().unwrap_or_default();
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN).collect();
    UploadError::Refused { url: shown(url), status, advice, answer: text.trim().to_owned() }
}

/// The address without its query, in which some put secrets.
fn shown(url: &Uri) -> String {
    shown_text(&url.to_string())
}

fn shown_text(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
            let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
            format!("{scheme}://{host}{path}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> Option<Token> {
        Some(Token::new("s3cret\n").expect("it is a token"))
    }

    #[test]
    fn a_token_is_never_sent_for_all_to_read() {
        for safe in ["https://example.org/runs", "http://localhost:1/x", "http://127.0.0.1/x", "http://[::1]:80/x"] {
            assert!(Server::new(safe, token()).is_ok(), "{safe}");
        }
        for unsafe_ in
            ["http://example.org/runs", "http://127.0.0.1.example.org/", "http://10.0.0.1/", "http://localhost.evil/"]
        {
            assert!(Server::new(unsafe_, token()).is_err(), "{unsafe_}");
            assert!(Server::new(unsafe_, None).is_ok(), "{unsafe_}");
        }
        for wrong in ["", "example.org", "ftp://example.org/", "https://", "https://me:pw@example.org/", "/runs"] {
            assert!(Server::new(wrong, None).is_err(), "{wrong}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let server = Server::new("https://example.org/runs", token()).expect("it is an address");
        assert!(!format!("{server:?}").contains("s3cret"));
        let error = Server::new("https://me:pw@example.org/x?key=abc", None).expect_err("it has a password");
        assert!(error.to_string().contains("https://example.org/x`"), "{error}");
        for strange in ["", "two words", "a\nb", "ü"] {
            assert!(matches!(Token::new(strange), Err(UploadError::Token)));
        }
    }

    #[test]
    fn the_token_follows_to_the_same_host_only() {
        let same = |from: &str, to: &str| is_same_host(&from.parse().unwrap(), &to.parse().unwrap());
        assert!(same("https://a.org/x", "https://a.org/y"));
        assert!(same("http://a.org/x", "https://a.org/x"));
        assert!(!same("https://a.org/x", "http://a.org/x"));
        assert!(!same("https://a.org/x", "https://b.org/x"));
        assert!(!same("https://a.org/x", "https://a.org:8443/x"));
    }
}
