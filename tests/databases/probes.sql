-- What the old version does, one statement a line. Its outcome is how many rows it gets or changes, or its error.
SELECT id, tag, weight, kind FROM parcels
SELECT tag FROM parcels WHERE id = 1
INSERT INTO parcels (id, tag, weight, kind) VALUES (5001, 'a tag', 1, 'new')
INSERT INTO parcels (id, tag, weight, kind) VALUES (5001, 'tag2', 1, 'new')
INSERT INTO parcels (id, tag, weight, kind) VALUES (5001, NULL, 1, 'new')
INSERT INTO parcels (id, tag, weight, kind) VALUES (5001, 'a tag that is longer than nine', -1, 'new')
INSERT INTO parcels (id, tag, weight, kind) VALUES (1, 'a tag', 1, 'new')
INSERT INTO parcels (id, tag) VALUES (1, 'a tag') ON CONFLICT (id) DO NOTHING
INSERT INTO parcels (id) VALUES (5001), (5002)
UPDATE parcels SET tag = 'tag2', weight = -1 WHERE id = 1
DELETE FROM parcels WHERE id = 1
SELECT id, zip, n FROM depots
UPDATE depots SET zip = 'a zip' WHERE id = 1
DELETE FROM depots WHERE id = 1
INSERT INTO kinds (id, name) VALUES (5001, 'a kind')
UPDATE kinds SET name = 'a kind' WHERE id = 1001
SELECT id, tag FROM parcels_old
