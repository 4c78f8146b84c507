//! The table of things that are both read by the server and changed by the admin program.
use std::env;

use diesel::{prelude::*, sqlite::SqliteConnection};

diesel::table! {
    things (id) {
        id -> Integer,
        name -> Text,
    }
}

/// Opens the database that `DATABASE_URL` names.
pub fn connect() -> SqliteConnection {
    let url = env::var("DATABASE_URL").unwrap_or_else(|_| "things.db".to_string());
    SqliteConnection::establish(&url).unwrap_or_else(|error| panic!("{url}: {error}"))
}

/// Every name, in alphabetical order.
pub fn names(connection: &mut SqliteConnection) -> QueryResult<Vec<String>> {
    things::table.select(things::name).order(things::name).load(connection)
}
