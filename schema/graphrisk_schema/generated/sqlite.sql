-- Generated from the vocabulary by graphrisk_schema.render_sqlite: do not edit.
-- The store itself: counters, batches, commits, erased nodes, raw files, open loads, scores.
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS identity (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS batch (batch_id INTEGER PRIMARY KEY, source TEXT NOT NULL, delivery TEXT NOT NULL, file TEXT NOT NULL, mode TEXT NOT NULL, known_at INTEGER NOT NULL, UNIQUE (delivery, source, file, mode, known_at)) STRICT;
CREATE TABLE IF NOT EXISTS stated (source TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (source, kind)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS committed (version INTEGER PRIMARY KEY, stamp INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS erased (nid INTEGER PRIMARY KEY, changed_seq INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS part (number INTEGER PRIMARY KEY, dataset TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (dataset, name)) STRICT;
CREATE TABLE IF NOT EXISTS progress (source TEXT NOT NULL, delivery TEXT NOT NULL, done INTEGER NOT NULL, batch_id INTEGER NOT NULL, PRIMARY KEY (source, delivery)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS score (nid INTEGER NOT NULL, model TEXT NOT NULL, score REAL NOT NULL, run TEXT NOT NULL, PRIMARY KEY (nid, model)) STRICT, WITHOUT ROWID;
-- Account: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Account" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Account_seq" ON "Account" (changed_seq);
CREATE TABLE IF NOT EXISTS "Account_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "bank" TEXT, "opened_at" INTEGER, "balance" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Account_fact_akey" ON "Account_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Account_fact_nid" ON "Account_fact" (nid);
CREATE INDEX IF NOT EXISTS "Account_fact_seq" ON "Account_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Account_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Address: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Address" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Address_seq" ON "Address" (changed_seq);
CREATE TABLE IF NOT EXISTS "Address_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "text" TEXT, "lon" REAL, "lat" REAL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Address_fact_akey" ON "Address_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Address_fact_nid" ON "Address_fact" (nid);
CREATE INDEX IF NOT EXISTS "Address_fact_seq" ON "Address_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Address_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Area: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Area" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Area_seq" ON "Area" (changed_seq);
CREATE TABLE IF NOT EXISTS "Area_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "name" TEXT) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Area_fact_akey" ON "Area_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Area_fact_nid" ON "Area_fact" (nid);
CREATE INDEX IF NOT EXISTS "Area_fact_seq" ON "Area_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Area_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Bid: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Bid" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Bid_seq" ON "Bid" (changed_seq);
CREATE TABLE IF NOT EXISTS "Bid_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "title" TEXT, "amount" INTEGER, "rate" REAL, "months" INTEGER, "opened_at" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Bid_fact_akey" ON "Bid_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Bid_fact_nid" ON "Bid_fact" (nid);
CREATE INDEX IF NOT EXISTS "Bid_fact_seq" ON "Bid_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Bid_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Case: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Case" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Case_seq" ON "Case" (changed_seq);
CREATE TABLE IF NOT EXISTS "Case_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Case_fact_akey" ON "Case_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Case_fact_nid" ON "Case_fact" (nid);
CREATE INDEX IF NOT EXISTS "Case_fact_seq" ON "Case_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Case_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Certificate: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Certificate" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Certificate_seq" ON "Certificate" (changed_seq);
CREATE TABLE IF NOT EXISTS "Certificate_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "kind" TEXT, "amount" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Certificate_fact_akey" ON "Certificate_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Certificate_fact_nid" ON "Certificate_fact" (nid);
CREATE INDEX IF NOT EXISTS "Certificate_fact_seq" ON "Certificate_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Certificate_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Company: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Company" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Company_seq" ON "Company" (changed_seq);
CREATE TABLE IF NOT EXISTS "Company_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "name" TEXT, "form" TEXT, "status" TEXT, "founded_at" INTEGER, "capital" INTEGER, "scope" TEXT) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Company_fact_akey" ON "Company_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Company_fact_nid" ON "Company_fact" (nid);
CREATE INDEX IF NOT EXISTS "Company_fact_seq" ON "Company_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Company_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Complaint: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Complaint" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Complaint_seq" ON "Complaint" (changed_seq);
CREATE TABLE IF NOT EXISTS "Complaint_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "channel" TEXT, "received_at" INTEGER, "amount" INTEGER, "text" TEXT) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Complaint_fact_akey" ON "Complaint_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Complaint_fact_nid" ON "Complaint_fact" (nid);
CREATE INDEX IF NOT EXISTS "Complaint_fact_seq" ON "Complaint_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Complaint_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Contract: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Contract" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Contract_seq" ON "Contract" (changed_seq);
CREATE TABLE IF NOT EXISTS "Contract_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "amount" INTEGER, "signed_at" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Contract_fact_akey" ON "Contract_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Contract_fact_nid" ON "Contract_fact" (nid);
CREATE INDEX IF NOT EXISTS "Contract_fact_seq" ON "Contract_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Contract_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Device: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Device" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Device_seq" ON "Device" (changed_seq);
CREATE TABLE IF NOT EXISTS "Device_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Device_fact_akey" ON "Device_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Device_fact_nid" ON "Device_fact" (nid);
CREATE INDEX IF NOT EXISTS "Device_fact_seq" ON "Device_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Device_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Facility: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Facility" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Facility_seq" ON "Facility" (changed_seq);
CREATE TABLE IF NOT EXISTS "Facility_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "name" TEXT, "kind" TEXT, "phone" TEXT, "lon" REAL, "lat" REAL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Facility_fact_akey" ON "Facility_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Facility_fact_nid" ON "Facility_fact" (nid);
CREATE INDEX IF NOT EXISTS "Facility_fact_seq" ON "Facility_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Facility_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Fund: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Fund" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Fund_seq" ON "Fund" (changed_seq);
CREATE TABLE IF NOT EXISTS "Fund_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "name" TEXT, "filed_at" INTEGER, "size" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Fund_fact_akey" ON "Fund_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Fund_fact_nid" ON "Fund_fact" (nid);
CREATE INDEX IF NOT EXISTS "Fund_fact_seq" ON "Fund_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Fund_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- GridCell: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "GridCell" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "GridCell_seq" ON "GridCell" (changed_seq);
CREATE TABLE IF NOT EXISTS "GridCell_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "name" TEXT, "kind" TEXT, "lon" REAL, "lat" REAL, "boundary" TEXT) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "GridCell_fact_akey" ON "GridCell_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "GridCell_fact_nid" ON "GridCell_fact" (nid);
CREATE INDEX IF NOT EXISTS "GridCell_fact_seq" ON "GridCell_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "GridCell_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Hold: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Hold" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Hold_seq" ON "Hold" (changed_seq);
CREATE TABLE IF NOT EXISTS "Hold_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "kind" TEXT, "result" TEXT, "ordered_at" INTEGER, "asked" INTEGER, "held" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Hold_fact_akey" ON "Hold_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Hold_fact_nid" ON "Hold_fact" (nid);
CREATE INDEX IF NOT EXISTS "Hold_fact_seq" ON "Hold_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Hold_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Judgment: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Judgment" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Judgment_seq" ON "Judgment" (changed_seq);
CREATE TABLE IF NOT EXISTS "Judgment_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "court" TEXT, "cause" TEXT, "decided_at" INTEGER, "amount" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Judgment_fact_akey" ON "Judgment_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Judgment_fact_nid" ON "Judgment_fact" (nid);
CREATE INDEX IF NOT EXISTS "Judgment_fact_seq" ON "Judgment_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Judgment_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Lead: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Lead" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Lead_seq" ON "Lead" (changed_seq);
CREATE TABLE IF NOT EXISTS "Lead_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "text" TEXT, "sent_at" INTEGER, "photo" TEXT, "lon" REAL, "lat" REAL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Lead_fact_akey" ON "Lead_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Lead_fact_nid" ON "Lead_fact" (nid);
CREATE INDEX IF NOT EXISTS "Lead_fact_seq" ON "Lead_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Lead_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Matter: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Matter" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Matter_seq" ON "Matter" (changed_seq);
CREATE TABLE IF NOT EXISTS "Matter_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "kind" TEXT, "severity" INTEGER, "occurred_at" INTEGER, "lon" REAL, "lat" REAL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Matter_fact_akey" ON "Matter_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Matter_fact_nid" ON "Matter_fact" (nid);
CREATE INDEX IF NOT EXISTS "Matter_fact_seq" ON "Matter_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Matter_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Opinion: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Opinion" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Opinion_seq" ON "Opinion" (changed_seq);
CREATE TABLE IF NOT EXISTS "Opinion_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "title" TEXT, "text" TEXT, "site" TEXT, "published_at" INTEGER, "reads" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Opinion_fact_akey" ON "Opinion_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Opinion_fact_nid" ON "Opinion_fact" (nid);
CREATE INDEX IF NOT EXISTS "Opinion_fact_seq" ON "Opinion_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Opinion_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Person: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Person" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Person_seq" ON "Person" (changed_seq);
CREATE TABLE IF NOT EXISTS "Person_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "name" TEXT, "birth_year" INTEGER, "id_token" TEXT, "id_halves" TEXT, "id_cipher" TEXT) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Person_fact_akey" ON "Person_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Person_fact_nid" ON "Person_fact" (nid);
CREATE INDEX IF NOT EXISTS "Person_fact_seq" ON "Person_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Person_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Phone: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Phone" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Phone_seq" ON "Phone" (changed_seq);
CREATE TABLE IF NOT EXISTS "Phone_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "opened_at" INTEGER, "operator" TEXT, "scam_category" TEXT, "scam_listed_at" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Phone_fact_akey" ON "Phone_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Phone_fact_nid" ON "Phone_fact" (nid);
CREATE INDEX IF NOT EXISTS "Phone_fact_seq" ON "Phone_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Phone_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Platform: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Platform" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Platform_seq" ON "Platform" (changed_seq);
CREATE TABLE IF NOT EXISTS "Platform_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "name" TEXT, "site" TEXT, "trade" TEXT, "status" TEXT, "started_at" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Platform_fact_akey" ON "Platform_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Platform_fact_nid" ON "Platform_fact" (nid);
CREATE INDEX IF NOT EXISTS "Platform_fact_seq" ON "Platform_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Platform_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- PoliceReport: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "PoliceReport" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "PoliceReport_seq" ON "PoliceReport" (changed_seq);
CREATE TABLE IF NOT EXISTS "PoliceReport_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "category" TEXT, "reported_at" INTEGER, "lost" INTEGER, "summary" TEXT) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "PoliceReport_fact_akey" ON "PoliceReport_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "PoliceReport_fact_nid" ON "PoliceReport_fact" (nid);
CREATE INDEX IF NOT EXISTS "PoliceReport_fact_seq" ON "PoliceReport_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "PoliceReport_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- PoliceStation: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "PoliceStation" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "PoliceStation_seq" ON "PoliceStation" (changed_seq);
CREATE TABLE IF NOT EXISTS "PoliceStation_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "name" TEXT, "phone" TEXT, "lon" REAL, "lat" REAL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "PoliceStation_fact_akey" ON "PoliceStation_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "PoliceStation_fact_nid" ON "PoliceStation_fact" (nid);
CREATE INDEX IF NOT EXISTS "PoliceStation_fact_seq" ON "PoliceStation_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "PoliceStation_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Provider: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Provider" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Provider_seq" ON "Provider" (changed_seq);
CREATE TABLE IF NOT EXISTS "Provider_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "name" TEXT, "reliability" TEXT) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Provider_fact_akey" ON "Provider_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Provider_fact_nid" ON "Provider_fact" (nid);
CREATE INDEX IF NOT EXISTS "Provider_fact_seq" ON "Provider_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Provider_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Sensor: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Sensor" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Sensor_seq" ON "Sensor" (changed_seq);
CREATE TABLE IF NOT EXISTS "Sensor_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "kind" TEXT, "lon" REAL, "lat" REAL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Sensor_fact_akey" ON "Sensor_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Sensor_fact_nid" ON "Sensor_fact" (nid);
CREATE INDEX IF NOT EXISTS "Sensor_fact_seq" ON "Sensor_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Sensor_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Task: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Task" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Task_seq" ON "Task" (changed_seq);
CREATE TABLE IF NOT EXISTS "Task_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "kind" TEXT, "published_at" INTEGER, "wanted" INTEGER, "points" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Task_fact_akey" ON "Task_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Task_fact_nid" ON "Task_fact" (nid);
CREATE INDEX IF NOT EXISTS "Task_fact_seq" ON "Task_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Task_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Vessel: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Vessel" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Vessel_seq" ON "Vessel" (changed_seq);
CREATE TABLE IF NOT EXISTS "Vessel_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "name" TEXT, "kind" TEXT, "tonnage" REAL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Vessel_fact_akey" ON "Vessel_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Vessel_fact_nid" ON "Vessel_fact" (nid);
CREATE INDEX IF NOT EXISTS "Vessel_fact_seq" ON "Vessel_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Vessel_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- Volunteer: its nodes by key, the versions of its assertions, its terms.
CREATE TABLE IF NOT EXISTS "Volunteer" (nid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, changed_seq INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS "Volunteer_seq" ON "Volunteer" (changed_seq);
CREATE TABLE IF NOT EXISTS "Volunteer_fact" (vid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "skills" TEXT, "shares_position" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "Volunteer_fact_akey" ON "Volunteer_fact" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "Volunteer_fact_nid" ON "Volunteer_fact" (nid);
CREATE INDEX IF NOT EXISTS "Volunteer_fact_seq" ON "Volunteer_fact" (changed_seq);
CREATE VIRTUAL TABLE IF NOT EXISTS "Volunteer_term" USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- ASSOCIATED_WITH (state)
CREATE TABLE IF NOT EXISTS "ASSOCIATED_WITH" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "relation" TEXT, "weight" REAL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "ASSOCIATED_WITH_akey" ON "ASSOCIATED_WITH" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "ASSOCIATED_WITH_eid" ON "ASSOCIATED_WITH" (eid);
CREATE INDEX IF NOT EXISTS "ASSOCIATED_WITH_src" ON "ASSOCIATED_WITH" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "ASSOCIATED_WITH_dst" ON "ASSOCIATED_WITH" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "ASSOCIATED_WITH_seq" ON "ASSOCIATED_WITH" (changed_seq);
-- BORROWED (state)
CREATE TABLE IF NOT EXISTS "BORROWED" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "BORROWED_akey" ON "BORROWED" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "BORROWED_eid" ON "BORROWED" (eid);
CREATE INDEX IF NOT EXISTS "BORROWED_src" ON "BORROWED" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "BORROWED_dst" ON "BORROWED" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "BORROWED_seq" ON "BORROWED" (changed_seq);
-- CALLED (aggregate)
CREATE TABLE IF NOT EXISTS "CALLED" (eid INTEGER PRIMARY KEY, src INTEGER NOT NULL, dst INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, "count" INTEGER, "seconds" INTEGER, "first" INTEGER, "last" INTEGER, "days" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "CALLED_src" ON "CALLED" (src, dst);
CREATE INDEX IF NOT EXISTS "CALLED_dst" ON "CALLED" (dst, src);
CREATE INDEX IF NOT EXISTS "CALLED_seq" ON "CALLED" (changed_seq);
-- CONCERNS (state)
CREATE TABLE IF NOT EXISTS "CONCERNS" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "verdict" INTEGER, "role" TEXT, "finding" TEXT) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "CONCERNS_akey" ON "CONCERNS" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "CONCERNS_eid" ON "CONCERNS" (eid);
CREATE INDEX IF NOT EXISTS "CONCERNS_src" ON "CONCERNS" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "CONCERNS_dst" ON "CONCERNS" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "CONCERNS_seq" ON "CONCERNS" (changed_seq);
-- CUSTODY_OF (state)
CREATE TABLE IF NOT EXISTS "CUSTODY_OF" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "CUSTODY_OF_akey" ON "CUSTODY_OF" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "CUSTODY_OF_eid" ON "CUSTODY_OF" (eid);
CREATE INDEX IF NOT EXISTS "CUSTODY_OF_src" ON "CUSTODY_OF" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "CUSTODY_OF_dst" ON "CUSTODY_OF" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "CUSTODY_OF_seq" ON "CUSTODY_OF" (changed_seq);
-- ENROLLED_AS (state)
CREATE TABLE IF NOT EXISTS "ENROLLED_AS" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "ENROLLED_AS_akey" ON "ENROLLED_AS" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "ENROLLED_AS_eid" ON "ENROLLED_AS" (eid);
CREATE INDEX IF NOT EXISTS "ENROLLED_AS_src" ON "ENROLLED_AS" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "ENROLLED_AS_dst" ON "ENROLLED_AS" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "ENROLLED_AS_seq" ON "ENROLLED_AS" (changed_seq);
-- GRABBED (event)
CREATE TABLE IF NOT EXISTS "GRABBED" (eid INTEGER PRIMARY KEY, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, "at" INTEGER, "finished_at" INTEGER, "photo" TEXT) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "GRABBED_akey" ON "GRABBED" (akey);
CREATE INDEX IF NOT EXISTS "GRABBED_src" ON "GRABBED" (src, "at");
CREATE INDEX IF NOT EXISTS "GRABBED_dst" ON "GRABBED" (dst, "at");
-- GRANTED (state)
CREATE TABLE IF NOT EXISTS "GRANTED" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "GRANTED_akey" ON "GRANTED" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "GRANTED_eid" ON "GRANTED" (eid);
CREATE INDEX IF NOT EXISTS "GRANTED_src" ON "GRANTED" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "GRANTED_dst" ON "GRANTED" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "GRANTED_seq" ON "GRANTED" (changed_seq);
-- HANDLED_BY (state)
CREATE TABLE IF NOT EXISTS "HANDLED_BY" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "HANDLED_BY_akey" ON "HANDLED_BY" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "HANDLED_BY_eid" ON "HANDLED_BY" (eid);
CREATE INDEX IF NOT EXISTS "HANDLED_BY_src" ON "HANDLED_BY" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "HANDLED_BY_dst" ON "HANDLED_BY" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "HANDLED_BY_seq" ON "HANDLED_BY" (changed_seq);
-- HOLDS (state)
CREATE TABLE IF NOT EXISTS "HOLDS" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "HOLDS_akey" ON "HOLDS" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "HOLDS_eid" ON "HOLDS" (eid);
CREATE INDEX IF NOT EXISTS "HOLDS_src" ON "HOLDS" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "HOLDS_dst" ON "HOLDS" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "HOLDS_seq" ON "HOLDS" (changed_seq);
-- INVESTS_IN (state)
CREATE TABLE IF NOT EXISTS "INVESTS_IN" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "amount" INTEGER, "share" REAL, "qualified" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "INVESTS_IN_akey" ON "INVESTS_IN" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "INVESTS_IN_eid" ON "INVESTS_IN" (eid);
CREATE INDEX IF NOT EXISTS "INVESTS_IN_src" ON "INVESTS_IN" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "INVESTS_IN_dst" ON "INVESTS_IN" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "INVESTS_IN_seq" ON "INVESTS_IN" (changed_seq);
-- INVITED (state)
CREATE TABLE IF NOT EXISTS "INVITED" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "INVITED_akey" ON "INVITED" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "INVITED_eid" ON "INVITED" (eid);
CREATE INDEX IF NOT EXISTS "INVITED_src" ON "INVITED" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "INVITED_dst" ON "INVITED" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "INVITED_seq" ON "INVITED" (changed_seq);
-- JUDGED (state)
CREATE TABLE IF NOT EXISTS "JUDGED" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "verdict" INTEGER, "by_person" INTEGER, "probability" REAL, "judge" TEXT, "reason" TEXT) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "JUDGED_akey" ON "JUDGED" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "JUDGED_eid" ON "JUDGED" (eid);
CREATE INDEX IF NOT EXISTS "JUDGED_src" ON "JUDGED" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "JUDGED_dst" ON "JUDGED" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "JUDGED_seq" ON "JUDGED" (changed_seq);
-- LEGAL_REP_OF (state)
CREATE TABLE IF NOT EXISTS "LEGAL_REP_OF" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "LEGAL_REP_OF_akey" ON "LEGAL_REP_OF" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "LEGAL_REP_OF_eid" ON "LEGAL_REP_OF" (eid);
CREATE INDEX IF NOT EXISTS "LEGAL_REP_OF_src" ON "LEGAL_REP_OF" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "LEGAL_REP_OF_dst" ON "LEGAL_REP_OF" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "LEGAL_REP_OF_seq" ON "LEGAL_REP_OF" (changed_seq);
-- LIVES_IN (state)
CREATE TABLE IF NOT EXISTS "LIVES_IN" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "LIVES_IN_akey" ON "LIVES_IN" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "LIVES_IN_eid" ON "LIVES_IN" (eid);
CREATE INDEX IF NOT EXISTS "LIVES_IN_src" ON "LIVES_IN" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "LIVES_IN_dst" ON "LIVES_IN" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "LIVES_IN_seq" ON "LIVES_IN" (changed_seq);
-- LOCATED_IN (state)
CREATE TABLE IF NOT EXISTS "LOCATED_IN" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "LOCATED_IN_akey" ON "LOCATED_IN" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "LOCATED_IN_eid" ON "LOCATED_IN" (eid);
CREATE INDEX IF NOT EXISTS "LOCATED_IN_src" ON "LOCATED_IN" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "LOCATED_IN_dst" ON "LOCATED_IN" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "LOCATED_IN_seq" ON "LOCATED_IN" (changed_seq);
-- MENTIONS (state)
CREATE TABLE IF NOT EXISTS "MENTIONS" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "MENTIONS_akey" ON "MENTIONS" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "MENTIONS_eid" ON "MENTIONS" (eid);
CREATE INDEX IF NOT EXISTS "MENTIONS_src" ON "MENTIONS" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "MENTIONS_dst" ON "MENTIONS" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "MENTIONS_seq" ON "MENTIONS" (changed_seq);
-- NAMES_CONTACT (state)
CREATE TABLE IF NOT EXISTS "NAMES_CONTACT" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "NAMES_CONTACT_akey" ON "NAMES_CONTACT" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "NAMES_CONTACT_eid" ON "NAMES_CONTACT" (eid);
CREATE INDEX IF NOT EXISTS "NAMES_CONTACT_src" ON "NAMES_CONTACT" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "NAMES_CONTACT_dst" ON "NAMES_CONTACT" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "NAMES_CONTACT_seq" ON "NAMES_CONTACT" (changed_seq);
-- OPERATES (state)
CREATE TABLE IF NOT EXISTS "OPERATES" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "OPERATES_akey" ON "OPERATES" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "OPERATES_eid" ON "OPERATES" (eid);
CREATE INDEX IF NOT EXISTS "OPERATES_src" ON "OPERATES" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "OPERATES_dst" ON "OPERATES" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "OPERATES_seq" ON "OPERATES" (changed_seq);
-- OWNS (state)
CREATE TABLE IF NOT EXISTS "OWNS" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "OWNS_akey" ON "OWNS" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "OWNS_eid" ON "OWNS" (eid);
CREATE INDEX IF NOT EXISTS "OWNS_src" ON "OWNS" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "OWNS_dst" ON "OWNS" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "OWNS_seq" ON "OWNS" (changed_seq);
-- OWNS_PHONE (state)
CREATE TABLE IF NOT EXISTS "OWNS_PHONE" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "OWNS_PHONE_akey" ON "OWNS_PHONE" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "OWNS_PHONE_eid" ON "OWNS_PHONE" (eid);
CREATE INDEX IF NOT EXISTS "OWNS_PHONE_src" ON "OWNS_PHONE" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "OWNS_PHONE_dst" ON "OWNS_PHONE" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "OWNS_PHONE_seq" ON "OWNS_PHONE" (changed_seq);
-- PART_OF (state)
CREATE TABLE IF NOT EXISTS "PART_OF" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "PART_OF_akey" ON "PART_OF" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "PART_OF_eid" ON "PART_OF" (eid);
CREATE INDEX IF NOT EXISTS "PART_OF_src" ON "PART_OF" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "PART_OF_dst" ON "PART_OF" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "PART_OF_seq" ON "PART_OF" (changed_seq);
-- PROMOTES (state)
CREATE TABLE IF NOT EXISTS "PROMOTES" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "PROMOTES_akey" ON "PROMOTES" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "PROMOTES_eid" ON "PROMOTES" (eid);
CREATE INDEX IF NOT EXISTS "PROMOTES_src" ON "PROMOTES" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "PROMOTES_dst" ON "PROMOTES" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "PROMOTES_seq" ON "PROMOTES" (changed_seq);
-- RAISED (state)
CREATE TABLE IF NOT EXISTS "RAISED" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "RAISED_akey" ON "RAISED" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "RAISED_eid" ON "RAISED" (eid);
CREATE INDEX IF NOT EXISTS "RAISED_src" ON "RAISED" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "RAISED_dst" ON "RAISED" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "RAISED_seq" ON "RAISED" (changed_seq);
-- REGISTERED_AT (state)
CREATE TABLE IF NOT EXISTS "REGISTERED_AT" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "REGISTERED_AT_akey" ON "REGISTERED_AT" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "REGISTERED_AT_eid" ON "REGISTERED_AT" (eid);
CREATE INDEX IF NOT EXISTS "REGISTERED_AT_src" ON "REGISTERED_AT" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "REGISTERED_AT_dst" ON "REGISTERED_AT" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "REGISTERED_AT_seq" ON "REGISTERED_AT" (changed_seq);
-- RENTS (state)
CREATE TABLE IF NOT EXISTS "RENTS" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "rent" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "RENTS_akey" ON "RENTS" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "RENTS_eid" ON "RENTS" (eid);
CREATE INDEX IF NOT EXISTS "RENTS_src" ON "RENTS" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "RENTS_dst" ON "RENTS" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "RENTS_seq" ON "RENTS" (changed_seq);
-- REPAID (event)
CREATE TABLE IF NOT EXISTS "REPAID" (eid INTEGER PRIMARY KEY, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, "at" INTEGER, "amount" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "REPAID_akey" ON "REPAID" (akey);
CREATE INDEX IF NOT EXISTS "REPAID_src" ON "REPAID" (src, "at");
CREATE INDEX IF NOT EXISTS "REPAID_dst" ON "REPAID" (dst, "at");
-- REPORTED (state)
CREATE TABLE IF NOT EXISTS "REPORTED" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "REPORTED_akey" ON "REPORTED" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "REPORTED_eid" ON "REPORTED" (eid);
CREATE INDEX IF NOT EXISTS "REPORTED_src" ON "REPORTED" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "REPORTED_dst" ON "REPORTED" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "REPORTED_seq" ON "REPORTED" (changed_seq);
-- RESIDES_AT (state)
CREATE TABLE IF NOT EXISTS "RESIDES_AT" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "RESIDES_AT_akey" ON "RESIDES_AT" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "RESIDES_AT_eid" ON "RESIDES_AT" (eid);
CREATE INDEX IF NOT EXISTS "RESIDES_AT_src" ON "RESIDES_AT" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "RESIDES_AT_dst" ON "RESIDES_AT" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "RESIDES_AT_seq" ON "RESIDES_AT" (changed_seq);
-- RESPONSIBLE_FOR (state)
CREATE TABLE IF NOT EXISTS "RESPONSIBLE_FOR" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "role" TEXT) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "RESPONSIBLE_FOR_akey" ON "RESPONSIBLE_FOR" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "RESPONSIBLE_FOR_eid" ON "RESPONSIBLE_FOR" (eid);
CREATE INDEX IF NOT EXISTS "RESPONSIBLE_FOR_src" ON "RESPONSIBLE_FOR" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "RESPONSIBLE_FOR_dst" ON "RESPONSIBLE_FOR" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "RESPONSIBLE_FOR_seq" ON "RESPONSIBLE_FOR" (changed_seq);
-- REVIEWED (event)
CREATE TABLE IF NOT EXISTS "REVIEWED" (eid INTEGER PRIMARY KEY, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, "at" INTEGER, "stars" INTEGER, "characters" INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "REVIEWED_akey" ON "REVIEWED" (akey);
CREATE INDEX IF NOT EXISTS "REVIEWED_src" ON "REVIEWED" (src, "at");
CREATE INDEX IF NOT EXISTS "REVIEWED_dst" ON "REVIEWED" (dst, "at");
-- SETTLED (event)
CREATE TABLE IF NOT EXISTS "SETTLED" (eid INTEGER PRIMARY KEY, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, "at" INTEGER, "amount" INTEGER, "entry" TEXT) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "SETTLED_akey" ON "SETTLED" (akey);
CREATE INDEX IF NOT EXISTS "SETTLED_src" ON "SETTLED" (src, "at");
CREATE INDEX IF NOT EXISTS "SETTLED_dst" ON "SETTLED" (dst, "at");
-- STOPS (state)
CREATE TABLE IF NOT EXISTS "STOPS" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "STOPS_akey" ON "STOPS" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "STOPS_eid" ON "STOPS" (eid);
CREATE INDEX IF NOT EXISTS "STOPS_src" ON "STOPS" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "STOPS_dst" ON "STOPS" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "STOPS_seq" ON "STOPS" (changed_seq);
-- SUCCEEDED_BY (state)
CREATE TABLE IF NOT EXISTS "SUCCEEDED_BY" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "SUCCEEDED_BY_akey" ON "SUCCEEDED_BY" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "SUCCEEDED_BY_eid" ON "SUCCEEDED_BY" (eid);
CREATE INDEX IF NOT EXISTS "SUCCEEDED_BY_src" ON "SUCCEEDED_BY" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "SUCCEEDED_BY_dst" ON "SUCCEEDED_BY" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "SUCCEEDED_BY_seq" ON "SUCCEEDED_BY" (changed_seq);
-- TAGGED (state)
CREATE TABLE IF NOT EXISTS "TAGGED" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL, "mark" TEXT, "confidence" REAL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "TAGGED_akey" ON "TAGGED" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "TAGGED_eid" ON "TAGGED" (eid);
CREATE INDEX IF NOT EXISTS "TAGGED_src" ON "TAGGED" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "TAGGED_dst" ON "TAGGED" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "TAGGED_seq" ON "TAGGED" (changed_seq);
-- TRANSFERRED (event)
CREATE TABLE IF NOT EXISTS "TRANSFERRED" (eid INTEGER PRIMARY KEY, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, "at" INTEGER, "amount" INTEGER, "serial" TEXT) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "TRANSFERRED_akey" ON "TRANSFERRED" (akey);
CREATE INDEX IF NOT EXISTS "TRANSFERRED_src" ON "TRANSFERRED" (src, "at");
CREATE INDEX IF NOT EXISTS "TRANSFERRED_dst" ON "TRANSFERRED" (dst, "at");
-- USES_DEVICE (state)
CREATE TABLE IF NOT EXISTS "USES_DEVICE" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "USES_DEVICE_akey" ON "USES_DEVICE" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "USES_DEVICE_eid" ON "USES_DEVICE" (eid);
CREATE INDEX IF NOT EXISTS "USES_DEVICE_src" ON "USES_DEVICE" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "USES_DEVICE_dst" ON "USES_DEVICE" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "USES_DEVICE_seq" ON "USES_DEVICE" (changed_seq);
-- WATCHES (state)
CREATE TABLE IF NOT EXISTS "WATCHES" (vid INTEGER PRIMARY KEY, eid INTEGER NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL, akey INTEGER NOT NULL, digest INTEGER NOT NULL, "row" INTEGER NOT NULL, batch_id INTEGER NOT NULL, changed_seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "WATCHES_akey" ON "WATCHES" (akey) WHERE known_to = 9223372036854775807;
CREATE INDEX IF NOT EXISTS "WATCHES_eid" ON "WATCHES" (eid);
CREATE INDEX IF NOT EXISTS "WATCHES_src" ON "WATCHES" (src, known_to, valid_to, valid_from, eid, dst);
CREATE INDEX IF NOT EXISTS "WATCHES_dst" ON "WATCHES" (dst, known_to, valid_to, valid_from, eid, src);
CREATE INDEX IF NOT EXISTS "WATCHES_seq" ON "WATCHES" (changed_seq);
