//! Bytes that a host pushes, to be read like a file once they are all there.
//!
//! ```text
//! host    write, write, finish          (any thread, one at a time)
//! reader  wait -> the bytes             (as often as one likes)
//! ```
//! What is pushed goes to a [`Spool`], so nobody waits for a reader. A feed that its host gives up
//! ends the waiting with an error and leaves nothing behind.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::spool::{Spool, SpoolWriter};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};

/// How long a reader waits before it asks whether the work was cancelled.
const WAIT: Duration = Duration::from_millis(10);

/// Bytes that are pushed from outside.
#[derive(Debug)]
pub struct Feed {
    name: String,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
enum State {
    /// Open; the writer is away while someone writes.
    Open(Option<SpoolWriter>),
    Whole(Arc<Spool>),
    Failed(Error),
    /// Given up before it was finished.
    Abandoned,
}

impl Feed {
    /// An open feed; messages call it `name`.
    pub fn new(name: &str) -> Feed {
        let state = Mutex::new(State::Open(Some(SpoolWriter::new())));
        Feed { name: name.to_owned(), state, changed: Condvar::new() }
    }

    /// What messages call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends bytes.
    ///
    /// Errors: `Busy` while another thread writes or finishes; `InvalidArgument` when it is
    /// finished; those of the temporary file, which end the feed.
    pub fn write(&self, bytes: &[u8]) -> Result<()> {
        let mut writer = self.take_writer("written to")?;
        let written = writer.write(bytes);
        let next = match &written {
            Ok(()) => State::Open(Some(writer)),
            Err(error) => State::Failed(error.clone().in_file(&self.name)),
        };
        self.give(next);
        written
    }

    /// Says that all bytes are there.
    ///
    /// Errors: as [`Feed::write`].
    pub fn finish(&self) -> Result<()> {
        let writer = self.take_writer("finished")?;
        let (next, outcome) = match writer.finish() {
            Ok(spool) => (State::Whole(Arc::new(spool)), Ok(())),
            Err(error) => (State::Failed(error.clone().in_file(&self.name)), Err(error)),
        };
        self.give(next);
        outcome
    }

    /// Gives the feed up: whoever waits for it gets an error. Does nothing once it is finished.
    pub fn abandon(&self) {
        let mut state = self.lock();
        if let State::Open(_) = *state {
            *state = State::Abandoned;
        }
        drop(state);
        self.changed.notify_all();
    }

    fn take_writer(&self, act: &str) -> Result<SpoolWriter> {
        match &mut *self.lock() {
            State::Open(writer) => writer.take().ok_or_else(|| {
                Error::new(ErrorKind::Busy, "another thread writes to this feed")
                    .hint("write from one thread at a time")
            }),
            State::Whole(_) => {
                let summary = format!("the feed is finished and cannot be {act} again");
                Err(Error::new(ErrorKind::InvalidArgument, summary).hint("open another one"))
            }
            State::Failed(error) => Err(error.clone()),
            State::Abandoned => Err(abandoned()),
        }
    }

    /// Puts back what a write took, unless the feed was given up meanwhile.
    fn give(&self, next: State) {
        let mut state = self.lock();
        if let State::Open(_) = *state {
            *state = next;
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Whether a reader need not wait.
    pub fn is_settled(&self) -> bool {
        !matches!(*self.lock(), State::Open(_))
    }

    /// The bytes, once they are all there.
    ///
    /// Errors: `ReleasedHandle` when the feed was given up; what ended it; `Cancelled`.
    pub fn wait(&self, context: &Context) -> Result<Arc<Spool>> {
        let mut state = self.lock();
        loop {
            match &*state {
                State::Open(_) => {}
                State::Whole(spool) => return Ok(spool.clone()),
                State::Failed(error) => return Err(error.clone()),
                State::Abandoned => return Err(abandoned().in_file(&self.name)),
            }
            context.check()?;
            let waited = self.changed.wait_timeout(state, WAIT);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

fn abandoned() -> Error {
    Error::new(ErrorKind::ReleasedHandle, "the feed was released before it was finished")
        .hint("finish it once all bytes are written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pushed_is_read_once_it_is_whole() {
        let feed = Feed::new("upload");
        let context = Context::default();
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| feed.wait(&context));
            for piece in [&b"a,b\n"[..], b"", b"1,2\n"] {
                feed.write(piece).expect("written");
                assert!(!feed.is_settled());
            }
            feed.finish().expect("finished");
            let spool = reader.join().expect("no panic").expect("whole");
            assert_eq!(spool.as_bytes(), b"a,b\n1,2\n");
        });
        let kinds = [feed.write(b"x"), feed.finish()];
        assert!(kinds.iter().all(|outcome| {
            outcome.as_ref().expect_err("finished").kind() == ErrorKind::InvalidArgument
        }));
        feed.abandon();
        assert_eq!(feed.wait(&context).expect("still whole").as_bytes().len(), 8);
    }

    #[test]
    fn waiting_ends_with_a_cancel_or_when_the_feed_is_given_up() {
        let feed = Feed::new("upload");
        let context = Context::default();
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| feed.wait(&context).expect_err("cancelled").kind());
            context.cancel();
            assert_eq!(reader.join().expect("no panic"), ErrorKind::Cancelled);
        });
        feed.abandon();
        let error = feed.wait(&Context::default()).expect_err("given up");
        assert_eq!(error.kind(), ErrorKind::ReleasedHandle);
        assert_eq!(feed.write(b"x").expect_err("given up").kind(), ErrorKind::ReleasedHandle);
    }

    #[test]
    fn two_writers_at_a_time_are_refused() {
        let feed = Feed::new("upload");
        let writer = feed.take_writer("written to").expect("nobody writes");
        assert_eq!(feed.write(b"x").expect_err("busy").kind(), ErrorKind::Busy);
        feed.give(State::Open(Some(writer)));
        feed.write(b"x").expect("nobody writes");
    }
}
