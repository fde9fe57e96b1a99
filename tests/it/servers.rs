//! Servers of remote stores on loopback, each started by the test that uses it and ended with it.

use super::scene::{Larder, Scene};
use std::fmt::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server, and how it is reached.
pub struct Server {
    child: Child,
    port: u16,
    command: Box<dyn Fn(u16) -> Command>,
    /// What stores on it begin with.
    pub url: String,
    /// The variables that let in whoever runs larder.
    pub variables: Vec<(&'static str, String)>,
    /// The folder that it serves, where it is one of this machine.
    pub folder: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Server {
    fn start(
        what: &str,
        url: impl Fn(u16) -> String,
        variables: Vec<(&'static str, String)>,
        folder: PathBuf,
        command: impl Fn(u16) -> Command + 'static,
    ) -> Self {
        // A port that was free a moment ago may be taken by now.
        for _ in 0..5 {
            let port = free_port();
            let mut child = spawn(&mut command(port));
            if answers(port, &mut child) {
                return Self { child, port, command: Box::new(command), url: url(port), variables, folder };
            }
            let _ = child.kill();
            let _ = child.wait();
        }
        panic!("{what} does not start");
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once.
    pub fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it again at the same port.
    pub fn start_again(&mut self) {
        self.stop();
        self.child = spawn(&mut (self.command)(self.port));
        assert!(answers(self.port, &mut self.child), "it starts again");
    }
}

/// Where stores are, and what lets larder in.
pub trait Place {
    /// What stores there begin with.
    fn url(&self) -> &str;

    /// The command, let in.
    fn larder<'a>(&self, scene: &'a Scene, arguments: &[&str]) -> Larder<'a>;
}

impl Place for Server {
    fn url(&self) -> &str {
        &self.url
    }

    fn larder<'a>(&self, scene: &'a Scene, arguments: &[&str]) -> Larder<'a> {
        let mut larder = scene.larder(arguments);
        for (name, value) in &self.variables {
            larder = larder.env(name, value);
        }
        larder
    }
}

fn spawn(command: &mut Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it was found")
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

fn answers(port: u16, child: &mut Child) -> bool {
    let began = Instant::now();
    while began.elapsed() < Duration::from_mins(1) {
        if child.try_wait().is_ok_and(|ended| ended.is_some()) {
            return false;
        }
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}

/// Where a tool is; says plainly where it is not, and how to get it.
#[expect(clippy::print_stdout, reason = "whoever reads the output of the tests is told")]
fn tool(name: &str, how: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let more = ["/usr/sbin", "/sbin", "/usr/local/bin"].map(PathBuf::from);
    let found =
        std::env::split_paths(&path).chain(more).map(|folder| folder.join(name)).find(|file| file.is_file());
    if found.is_none() {
        println!("skipped: there is no {name}; {how}");
    }
    found
}

/// An S3 server with a bucket `backups`.
pub fn s3(_: &Scene) -> Option<Server> {
    let moto = tool("moto_server", "pip install 'moto[server]'")?;
    let keys = |port: u16| {
        vec![
            ("AWS_ACCESS_KEY_ID", "key".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "a-secret-key".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}")),
        ]
    };
    let url = |_| "s3://backups/some/where".to_owned();
    let mut server = Server::start("moto", url, Vec::new(), PathBuf::new(), move |port| {
        let mut command = Command::new(&moto);
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        command
    });
    server.variables = keys(server.port);
    server.make_bucket();
    Some(server)
}

impl Server {
    /// Makes the bucket, which a new S3 server has not.
    pub fn make_bucket(&self) {
        assert!(self.request("PUT", "/backups", b"").starts_with("HTTP/1.1 200"), "the bucket is made");
    }

    /// Asks the server by hand.
    pub fn request(&self, method: &str, path: &str, body: &[u8]) -> String {
        use std::io::{Read, Write};
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it answers");
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).expect("it listens");
        stream.write_all(body).expect("it listens");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// A `WebDAV` server.
pub fn webdav(scene: &Scene) -> Option<Server> {
    let rclone = tool("rclone", "apt-get install rclone")?;
    let folder = scene.path("served");
    std::fs::create_dir(&folder).expect("a folder");
    let served = folder.clone();
    let variables = vec![("LARDER_WEBDAV_PASSWORD", "a-secret-word".to_owned())];
    let url = |port| format!("webdav://ada@127.0.0.1:{port}/some/where");
    Some(Server::start("rclone", url, variables, folder, move |port| {
        let mut command = Command::new(&rclone);
        command.args(["serve", "webdav", "--addr", &format!("127.0.0.1:{port}"), "--user", "ada"]);
        command.args(["--pass", "a-secret-word", "--config", "/dev/null"]).arg(&served);
        command
    }))
}

/// An SSH server with file transfer, and an `ssh` that knows it and has a key for it.
pub fn sftp(scene: &Scene) -> Option<Server> {
    sftp_with(scene, "internal-sftp")
}

/// The same, but a file cannot get the name of another.
pub fn sftp_that_never_replaces(scene: &Scene) -> Option<Server> {
    sftp_with(scene, "internal-sftp -P posix-rename")
}

fn sftp_with(scene: &Scene, subsystem: &'static str) -> Option<Server> {
    let how = "apt-get install openssh-server openssh-client";
    let (sshd, ssh) = (tool("sshd", how)?, tool("ssh", how)?);
    let keygen = tool("ssh-keygen", how)?;
    let folder = scene.path("ssh");
    std::fs::create_dir(&folder).expect("a folder");
    for key in ["host", "user"] {
        let made = Command::new(&keygen)
            .args(["-q", "-t", "ed25519", "-N", "", "-f"])
            .arg(folder.join(key))
            .status();
        assert!(made.expect("it runs").success());
    }
    std::fs::copy(folder.join("user.pub"), folder.join("authorized_keys")).expect("copied");
    // It wants this folder where root runs it.
    let _ = std::fs::create_dir_all("/run/sshd");
    let at = folder.clone();
    let user =
        String::from_utf8(Command::new("id").arg("-un").output().expect("it runs").stdout).expect("a name");
    let root = scene.path("served");
    let served = root.clone();
    let url = move |port| format!("sftp://{}@127.0.0.1:{port}{}/some/where", user.trim(), served.display());
    let mut server = Server::start("sshd", url, Vec::new(), root, move |port| {
        std::fs::write(at.join("config"), config(&at, port, subsystem)).expect("written");
        let mut command = Command::new(&sshd);
        command.args(["-D", "-f"]).arg(at.join("config"));
        command
    });
    let host = std::fs::read_to_string(folder.join("host.pub")).expect("a key");
    let known = format!("[127.0.0.1]:{} {host}", server.port);
    std::fs::write(folder.join("known_hosts"), known).expect("written");
    server.variables = vec![("PATH", path_with_ssh(&folder, &ssh))];
    Some(server)
}

fn config(folder: &Path, port: u16, subsystem: &str) -> String {
    let mut text = format!("Port {port}\nListenAddress 127.0.0.1\nPidFile none\nStrictModes no\nUsePAM no\n");
    let _ = writeln!(text, "HostKey {0}/host\nAuthorizedKeysFile {0}/authorized_keys", folder.display());
    let _ = writeln!(text, "PasswordAuthentication no\nKbdInteractiveAuthentication no");
    text + &format!("Subsystem sftp {subsystem}\n")
}

/// A search path whose `ssh` has settings of its own: ssh itself looks for them at the user's home only.
fn path_with_ssh(folder: &Path, ssh: &Path) -> String {
    use std::os::unix::fs::PermissionsExt;
    let settings = format!(
        "Host *\n  IdentityFile {0}/user\n  IdentitiesOnly yes\n  UserKnownHostsFile {0}/known_hosts\n",
        folder.display()
    );
    std::fs::write(folder.join("settings"), settings).expect("written");
    let bin = folder.join("bin");
    std::fs::create_dir(&bin).expect("a folder");
    let script = format!("#!/bin/sh\nexec {} -F {}/settings \"$@\"\n", ssh.display(), folder.display());
    std::fs::write(bin.join("ssh"), script).expect("written");
    std::fs::set_permissions(bin.join("ssh"), std::fs::Permissions::from_mode(0o755)).expect("made");
    format!("{}:/usr/bin:/bin", bin.display())
}
