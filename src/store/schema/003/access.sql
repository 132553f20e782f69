-- The log of looks: how many values somebody revealed today is counted before each.
CREATE INDEX change_access ON change (by, at) WHERE entity = 'access';
