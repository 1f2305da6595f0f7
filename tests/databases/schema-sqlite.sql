-- The tables of the old version, as in schema.sql.
CREATE TABLE depots (id INTEGER PRIMARY KEY, zip text, n int);
CREATE TABLE parcels (id INTEGER PRIMARY KEY, tag text, weight int, kind text);
CREATE TABLE parcels_old (id int, tag text, weight int, kind text);
CREATE TABLE kinds (id INTEGER PRIMARY KEY, name text);
WITH RECURSIVE g (g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM g WHERE g < 1000)
INSERT INTO parcels SELECT g, 'tag' || g, g, iif(g % 2 = 0, 'old', 'new') FROM g;
INSERT INTO parcels_old SELECT * FROM parcels;
INSERT INTO depots SELECT id, 'zip' || id, id FROM parcels;
INSERT INTO kinds SELECT id + 1000, 'kind' || id FROM parcels;
