create table if not exists things (id integer primary key, name text not null unique);
