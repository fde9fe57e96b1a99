//! `larder store login`

use crate::commands::{Context, text};
use crate::exit::Exit;
use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use larder::error::Fault;
use larder::progress::Progress;
use larder::store::remote::{self, Provider};
use serde_json::json;
use std::io::BufRead;
use std::net::TcpListener;

/// Sign in to Google Drive or Dropbox, and keep what lets larder in
///
/// The program that asks is your own, which you register once with the service: docs/stores.md says how, step by step. An
/// address is printed that you open in a browser; the answer comes back to this machine. The secret of your program is
/// read from `LARDER_GDRIVE_CLIENT_SECRET` or `LARDER_DROPBOX_CLIENT_SECRET`, or asked for.
#[derive(Debug, Args)]
pub struct Login {
    /// The service
    #[arg(value_enum)]
    service: Service,
    /// The id of your program
    #[arg(long, value_name = "ID")]
    client_id: String,
    /// The browser is on another machine: read from the standard input the address that it is led to in the end
    #[arg(long)]
    no_browser: bool,
    /// Where on this machine the answer comes; Dropbox must know of it: `http://127.0.0.1:PORT/`
    #[arg(long, value_name = "PORT", default_value_t = 53682)]
    port: u16,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Service {
    Gdrive,
    Dropbox,
}

/// Forget what lets larder into Google Drive or Dropbox
///
/// The file that a login left is deleted. That larder may come in again can be taken back at the service alone: the address
/// where is printed.
#[derive(Debug, Args)]
pub struct Logout {
    /// The service
    #[arg(value_enum)]
    service: Service,
}

impl Service {
    fn provider(self) -> Provider {
        match self {
            Self::Gdrive => Provider::Gdrive,
            Self::Dropbox => Provider::Dropbox,
        }
    }
}

impl Logout {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let provider = self.service.provider();
        let name = provider.name();
        let Some(file) = remote::log_out(provider, &context.surroundings)? else {
            return Err(Fault::failed(format!("larder is not signed in to {name}")).into());
        };
        let page = match provider {
            Provider::Gdrive => "https://myaccount.google.com/connections",
            Provider::Dropbox => "https://www.dropbox.com/account/connected_apps",
        };
        context.ui.say(&format!("larder is signed out of {name}; {page} takes back what you agreed to"));
        let variable = format!("LARDER_{}_REFRESH_TOKEN", name.to_uppercase());
        if (context.surroundings.variable)(&variable).is_some() {
            context.ui.warn(&format!("{variable} still lets larder in"));
        }
        context.ui.result_path(&json!({ "service": name, "removed": text(&file) }), &file)?;
        Ok(Exit::Done)
    }
}

impl Login {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let provider = self.service.provider();
        let variable = format!("LARDER_{}_CLIENT_SECRET", provider.name().to_uppercase());
        let secret = match (context.surroundings.variable)(&variable) {
            Some(secret) => secret,
            None if crate::ui::is_interactive() && !self.no_browser => ask(&variable, context)?,
            None => {
                return Err(
                    Fault::usage(format!("the secret of your program is needed in {variable}")).into()
                );
            }
        };
        let login = remote::Login::begin(provider, self.client_id.clone(), secret, self.port)?;
        let code = if self.no_browser {
            context.ui.note(&format!(
                "open this address in a browser:\n{}\nIn the end it is led to a page that it cannot show. Enter the address of that page:",
                login.url()
            ));
            let mut answer = String::new();
            std::io::stdin().lock().read_line(&mut answer).context("cannot read the address")?;
            login.code_of(&answer)?
        } else {
            let listener = TcpListener::bind(("127.0.0.1", self.port))
                .with_context(|| format!("cannot listen at port {}", self.port))?;
            context.ui.note(&format!("open this address in a browser on this machine:\n{}", login.url()));
            login.wait(&listener, &context.surroundings.stop)?
        };
        let kept = login.finish(&code, &context.surroundings)?;
        context.ui.say(&format!("larder is signed in to {}; what lets it in is kept in", provider.name()));
        context.ui.result_path(&json!({ "service": provider.name(), "kept": text(&kept) }), &kept)?;
        Ok(Exit::Done)
    }
}

fn ask(variable: &str, context: &Context<'_>) -> Result<String> {
    use age::secrecy::ExposeSecret;
    let secret = context.ui.passphrase(&format!("The secret of your program ({variable})"))?;
    Ok(secret.expose_secret().to_owned())
}
