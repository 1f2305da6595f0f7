-- The tables of the old version, each with enough rows to tell a statement that reads them all from one that does not.
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO app;
ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO app;
CREATE SCHEMA archive;
CREATE SCHEMA shop;
GRANT USAGE ON SCHEMA shop TO app;
CREATE TABLE depots (id bigint PRIMARY KEY, zip text, n int);
INSERT INTO depots SELECT g, 'zip' || g, g FROM generate_series(1, 1000) g;
CREATE TABLE parcels (id int PRIMARY KEY, tag text, weight int, kind text);
INSERT INTO parcels SELECT g, 'tag' || g, g, CASE WHEN g % 2 = 0 THEN 'old' ELSE 'new' END FROM generate_series(1, 1000) g;
CREATE TABLE parcels_old (LIKE parcels);
INSERT INTO parcels_old SELECT * FROM parcels;
CREATE TABLE kinds (id int PRIMARY KEY, name text);
INSERT INTO kinds SELECT g, 'kind' || g FROM generate_series(1001, 2000) g;
CREATE TABLE news (id int);
INSERT INTO news SELECT generate_series(1, 1000);
