//! All that a program with every log turned on would hear: spans and events of `tracing`, records of `log`.

use std::cell::RefCell;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, Once};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Subscriber};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// What was heard on this thread, on which a test and all its tasks run.
#[derive(Clone, Default)]
pub(super) struct Heard(Arc<Mutex<String>>);

/// Listens until it is dropped.
pub(super) struct Listening {
    heard: Heard,
    _guard: DefaultGuard,
}

thread_local! {
    static LISTENER: RefCell<Option<Heard>> = const { RefCell::new(None) };
}

impl Heard {
    pub(super) fn listen() -> Listening {
        static LOGGER: Once = Once::new();
        LOGGER.call_once(|| log::set_logger(&Records).unwrap());
        log::set_max_level(log::LevelFilter::Trace);
        let heard = Self::default();
        LISTENER.set(Some(heard.clone()));
        let guard = tracing::subscriber::set_default(Registry::default().with(heard.clone()));
        Listening { heard, _guard: guard }
    }

    fn write(&self, line: std::fmt::Arguments<'_>) {
        writeln!(self.0.lock().unwrap(), "{line}").unwrap();
    }
}

impl Listening {
    pub(super) fn text(&self) -> String {
        self.heard.0.lock().unwrap().clone()
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        LISTENER.set(None);
    }
}

/// The one logger of the process: it writes for threads that listen.
struct Records;

impl log::Log for Records {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        LISTENER.with_borrow(Option::is_some)
    }

    fn log(&self, record: &log::Record<'_>) {
        LISTENER.with_borrow(|listener| {
            if let Some(heard) = listener {
                heard.write(format_args!("log {} {}: {}", record.level(), record.target(), record.args()));
            }
        });
    }

    fn flush(&self) {}
}

/// Fields as text.
#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl<S: Subscriber> Layer<S> for Heard {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        self.write(format_args!("span {}{}", attributes.metadata().name(), fields.0));
    }

    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        self.write(format_args!("span goes on{}", fields.0));
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        self.write(format_args!("event {} {}{}", event.metadata().level(), event.metadata().target(), fields.0));
    }
}
