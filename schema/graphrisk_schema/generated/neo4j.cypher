// Generated from the vocabulary by graphrisk_schema.render_cypher: do not edit.
// The store itself: counters and lease, provenance, what was erased, raw files, open loads.
CREATE CONSTRAINT store_name IF NOT EXISTS FOR (s:Store) REQUIRE s.name IS UNIQUE;
CREATE CONSTRAINT batch_id IF NOT EXISTS FOR (b:Batch) REQUIRE b.batch_id IS UNIQUE;
CREATE INDEX batch_delivery IF NOT EXISTS FOR (b:Batch) ON (b.delivery);
CREATE CONSTRAINT stated_kind IF NOT EXISTS FOR (s:Stated) REQUIRE (s.source, s.kind) IS UNIQUE;
CREATE CONSTRAINT committed_version IF NOT EXISTS FOR (c:Committed) REQUIRE c.version IS UNIQUE;
CREATE CONSTRAINT erased_nid IF NOT EXISTS FOR (e:Erased) REQUIRE e.nid IS UNIQUE;
CREATE INDEX erased_seq IF NOT EXISTS FOR (e:Erased) ON (e.seq);
CREATE CONSTRAINT part_name IF NOT EXISTS FOR (p:Part) REQUIRE (p.dataset, p.name) IS UNIQUE;
CREATE INDEX batch_source IF NOT EXISTS FOR (b:Batch) ON (b.source);
CREATE CONSTRAINT progress_of IF NOT EXISTS FOR (p:Progress) REQUIRE (p.source, p.delivery) IS UNIQUE;
CREATE CONSTRAINT model_name IF NOT EXISTS FOR (m:Model) REQUIRE m.name IS UNIQUE;
// Every node carries the label Node beside its kind.
CREATE CONSTRAINT node_nid IF NOT EXISTS FOR (n:Node) REQUIRE n.nid IS UNIQUE;
CREATE FULLTEXT INDEX node_terms IF NOT EXISTS FOR (n:Node) ON EACH [n.terms] OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
// Account: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Account_key IF NOT EXISTS FOR (n:Account) REQUIRE n.key IS UNIQUE;
CREATE INDEX Account_seq IF NOT EXISTS FOR (n:Account) ON (n.seq);
CREATE INDEX Account_nid IF NOT EXISTS FOR (n:Account) ON (n.nid);
CREATE CONSTRAINT AccountAssertion_vid IF NOT EXISTS FOR (a:AccountAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX AccountAssertion_nid IF NOT EXISTS FOR (a:AccountAssertion) ON (a.nid);
CREATE INDEX AccountAssertion_akey IF NOT EXISTS FOR (a:AccountAssertion) ON (a.akey);
CREATE INDEX AccountAssertion_seq IF NOT EXISTS FOR (a:AccountAssertion) ON (a.seq);
// Address: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Address_key IF NOT EXISTS FOR (n:Address) REQUIRE n.key IS UNIQUE;
CREATE INDEX Address_seq IF NOT EXISTS FOR (n:Address) ON (n.seq);
CREATE INDEX Address_nid IF NOT EXISTS FOR (n:Address) ON (n.nid);
CREATE CONSTRAINT AddressAssertion_vid IF NOT EXISTS FOR (a:AddressAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX AddressAssertion_nid IF NOT EXISTS FOR (a:AddressAssertion) ON (a.nid);
CREATE INDEX AddressAssertion_akey IF NOT EXISTS FOR (a:AddressAssertion) ON (a.akey);
CREATE INDEX AddressAssertion_seq IF NOT EXISTS FOR (a:AddressAssertion) ON (a.seq);
// Area: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Area_key IF NOT EXISTS FOR (n:Area) REQUIRE n.key IS UNIQUE;
CREATE INDEX Area_seq IF NOT EXISTS FOR (n:Area) ON (n.seq);
CREATE INDEX Area_nid IF NOT EXISTS FOR (n:Area) ON (n.nid);
CREATE CONSTRAINT AreaAssertion_vid IF NOT EXISTS FOR (a:AreaAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX AreaAssertion_nid IF NOT EXISTS FOR (a:AreaAssertion) ON (a.nid);
CREATE INDEX AreaAssertion_akey IF NOT EXISTS FOR (a:AreaAssertion) ON (a.akey);
CREATE INDEX AreaAssertion_seq IF NOT EXISTS FOR (a:AreaAssertion) ON (a.seq);
// Bid: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Bid_key IF NOT EXISTS FOR (n:Bid) REQUIRE n.key IS UNIQUE;
CREATE INDEX Bid_seq IF NOT EXISTS FOR (n:Bid) ON (n.seq);
CREATE INDEX Bid_nid IF NOT EXISTS FOR (n:Bid) ON (n.nid);
CREATE CONSTRAINT BidAssertion_vid IF NOT EXISTS FOR (a:BidAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX BidAssertion_nid IF NOT EXISTS FOR (a:BidAssertion) ON (a.nid);
CREATE INDEX BidAssertion_akey IF NOT EXISTS FOR (a:BidAssertion) ON (a.akey);
CREATE INDEX BidAssertion_seq IF NOT EXISTS FOR (a:BidAssertion) ON (a.seq);
// Case: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Case_key IF NOT EXISTS FOR (n:Case) REQUIRE n.key IS UNIQUE;
CREATE INDEX Case_seq IF NOT EXISTS FOR (n:Case) ON (n.seq);
CREATE INDEX Case_nid IF NOT EXISTS FOR (n:Case) ON (n.nid);
CREATE CONSTRAINT CaseAssertion_vid IF NOT EXISTS FOR (a:CaseAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX CaseAssertion_nid IF NOT EXISTS FOR (a:CaseAssertion) ON (a.nid);
CREATE INDEX CaseAssertion_akey IF NOT EXISTS FOR (a:CaseAssertion) ON (a.akey);
CREATE INDEX CaseAssertion_seq IF NOT EXISTS FOR (a:CaseAssertion) ON (a.seq);
// Certificate: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Certificate_key IF NOT EXISTS FOR (n:Certificate) REQUIRE n.key IS UNIQUE;
CREATE INDEX Certificate_seq IF NOT EXISTS FOR (n:Certificate) ON (n.seq);
CREATE INDEX Certificate_nid IF NOT EXISTS FOR (n:Certificate) ON (n.nid);
CREATE CONSTRAINT CertificateAssertion_vid IF NOT EXISTS FOR (a:CertificateAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX CertificateAssertion_nid IF NOT EXISTS FOR (a:CertificateAssertion) ON (a.nid);
CREATE INDEX CertificateAssertion_akey IF NOT EXISTS FOR (a:CertificateAssertion) ON (a.akey);
CREATE INDEX CertificateAssertion_seq IF NOT EXISTS FOR (a:CertificateAssertion) ON (a.seq);
// Company: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Company_key IF NOT EXISTS FOR (n:Company) REQUIRE n.key IS UNIQUE;
CREATE INDEX Company_seq IF NOT EXISTS FOR (n:Company) ON (n.seq);
CREATE INDEX Company_nid IF NOT EXISTS FOR (n:Company) ON (n.nid);
CREATE CONSTRAINT CompanyAssertion_vid IF NOT EXISTS FOR (a:CompanyAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX CompanyAssertion_nid IF NOT EXISTS FOR (a:CompanyAssertion) ON (a.nid);
CREATE INDEX CompanyAssertion_akey IF NOT EXISTS FOR (a:CompanyAssertion) ON (a.akey);
CREATE INDEX CompanyAssertion_seq IF NOT EXISTS FOR (a:CompanyAssertion) ON (a.seq);
// Complaint: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Complaint_key IF NOT EXISTS FOR (n:Complaint) REQUIRE n.key IS UNIQUE;
CREATE INDEX Complaint_seq IF NOT EXISTS FOR (n:Complaint) ON (n.seq);
CREATE INDEX Complaint_nid IF NOT EXISTS FOR (n:Complaint) ON (n.nid);
CREATE CONSTRAINT ComplaintAssertion_vid IF NOT EXISTS FOR (a:ComplaintAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX ComplaintAssertion_nid IF NOT EXISTS FOR (a:ComplaintAssertion) ON (a.nid);
CREATE INDEX ComplaintAssertion_akey IF NOT EXISTS FOR (a:ComplaintAssertion) ON (a.akey);
CREATE INDEX ComplaintAssertion_seq IF NOT EXISTS FOR (a:ComplaintAssertion) ON (a.seq);
// Contract: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Contract_key IF NOT EXISTS FOR (n:Contract) REQUIRE n.key IS UNIQUE;
CREATE INDEX Contract_seq IF NOT EXISTS FOR (n:Contract) ON (n.seq);
CREATE INDEX Contract_nid IF NOT EXISTS FOR (n:Contract) ON (n.nid);
CREATE CONSTRAINT ContractAssertion_vid IF NOT EXISTS FOR (a:ContractAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX ContractAssertion_nid IF NOT EXISTS FOR (a:ContractAssertion) ON (a.nid);
CREATE INDEX ContractAssertion_akey IF NOT EXISTS FOR (a:ContractAssertion) ON (a.akey);
CREATE INDEX ContractAssertion_seq IF NOT EXISTS FOR (a:ContractAssertion) ON (a.seq);
// Device: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Device_key IF NOT EXISTS FOR (n:Device) REQUIRE n.key IS UNIQUE;
CREATE INDEX Device_seq IF NOT EXISTS FOR (n:Device) ON (n.seq);
CREATE INDEX Device_nid IF NOT EXISTS FOR (n:Device) ON (n.nid);
CREATE CONSTRAINT DeviceAssertion_vid IF NOT EXISTS FOR (a:DeviceAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX DeviceAssertion_nid IF NOT EXISTS FOR (a:DeviceAssertion) ON (a.nid);
CREATE INDEX DeviceAssertion_akey IF NOT EXISTS FOR (a:DeviceAssertion) ON (a.akey);
CREATE INDEX DeviceAssertion_seq IF NOT EXISTS FOR (a:DeviceAssertion) ON (a.seq);
// Facility: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Facility_key IF NOT EXISTS FOR (n:Facility) REQUIRE n.key IS UNIQUE;
CREATE INDEX Facility_seq IF NOT EXISTS FOR (n:Facility) ON (n.seq);
CREATE INDEX Facility_nid IF NOT EXISTS FOR (n:Facility) ON (n.nid);
CREATE CONSTRAINT FacilityAssertion_vid IF NOT EXISTS FOR (a:FacilityAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX FacilityAssertion_nid IF NOT EXISTS FOR (a:FacilityAssertion) ON (a.nid);
CREATE INDEX FacilityAssertion_akey IF NOT EXISTS FOR (a:FacilityAssertion) ON (a.akey);
CREATE INDEX FacilityAssertion_seq IF NOT EXISTS FOR (a:FacilityAssertion) ON (a.seq);
// Fund: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Fund_key IF NOT EXISTS FOR (n:Fund) REQUIRE n.key IS UNIQUE;
CREATE INDEX Fund_seq IF NOT EXISTS FOR (n:Fund) ON (n.seq);
CREATE INDEX Fund_nid IF NOT EXISTS FOR (n:Fund) ON (n.nid);
CREATE CONSTRAINT FundAssertion_vid IF NOT EXISTS FOR (a:FundAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX FundAssertion_nid IF NOT EXISTS FOR (a:FundAssertion) ON (a.nid);
CREATE INDEX FundAssertion_akey IF NOT EXISTS FOR (a:FundAssertion) ON (a.akey);
CREATE INDEX FundAssertion_seq IF NOT EXISTS FOR (a:FundAssertion) ON (a.seq);
// GridCell: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT GridCell_key IF NOT EXISTS FOR (n:GridCell) REQUIRE n.key IS UNIQUE;
CREATE INDEX GridCell_seq IF NOT EXISTS FOR (n:GridCell) ON (n.seq);
CREATE INDEX GridCell_nid IF NOT EXISTS FOR (n:GridCell) ON (n.nid);
CREATE CONSTRAINT GridCellAssertion_vid IF NOT EXISTS FOR (a:GridCellAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX GridCellAssertion_nid IF NOT EXISTS FOR (a:GridCellAssertion) ON (a.nid);
CREATE INDEX GridCellAssertion_akey IF NOT EXISTS FOR (a:GridCellAssertion) ON (a.akey);
CREATE INDEX GridCellAssertion_seq IF NOT EXISTS FOR (a:GridCellAssertion) ON (a.seq);
// Hold: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Hold_key IF NOT EXISTS FOR (n:Hold) REQUIRE n.key IS UNIQUE;
CREATE INDEX Hold_seq IF NOT EXISTS FOR (n:Hold) ON (n.seq);
CREATE INDEX Hold_nid IF NOT EXISTS FOR (n:Hold) ON (n.nid);
CREATE CONSTRAINT HoldAssertion_vid IF NOT EXISTS FOR (a:HoldAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX HoldAssertion_nid IF NOT EXISTS FOR (a:HoldAssertion) ON (a.nid);
CREATE INDEX HoldAssertion_akey IF NOT EXISTS FOR (a:HoldAssertion) ON (a.akey);
CREATE INDEX HoldAssertion_seq IF NOT EXISTS FOR (a:HoldAssertion) ON (a.seq);
// Judgment: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Judgment_key IF NOT EXISTS FOR (n:Judgment) REQUIRE n.key IS UNIQUE;
CREATE INDEX Judgment_seq IF NOT EXISTS FOR (n:Judgment) ON (n.seq);
CREATE INDEX Judgment_nid IF NOT EXISTS FOR (n:Judgment) ON (n.nid);
CREATE CONSTRAINT JudgmentAssertion_vid IF NOT EXISTS FOR (a:JudgmentAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX JudgmentAssertion_nid IF NOT EXISTS FOR (a:JudgmentAssertion) ON (a.nid);
CREATE INDEX JudgmentAssertion_akey IF NOT EXISTS FOR (a:JudgmentAssertion) ON (a.akey);
CREATE INDEX JudgmentAssertion_seq IF NOT EXISTS FOR (a:JudgmentAssertion) ON (a.seq);
// Lead: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Lead_key IF NOT EXISTS FOR (n:Lead) REQUIRE n.key IS UNIQUE;
CREATE INDEX Lead_seq IF NOT EXISTS FOR (n:Lead) ON (n.seq);
CREATE INDEX Lead_nid IF NOT EXISTS FOR (n:Lead) ON (n.nid);
CREATE CONSTRAINT LeadAssertion_vid IF NOT EXISTS FOR (a:LeadAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX LeadAssertion_nid IF NOT EXISTS FOR (a:LeadAssertion) ON (a.nid);
CREATE INDEX LeadAssertion_akey IF NOT EXISTS FOR (a:LeadAssertion) ON (a.akey);
CREATE INDEX LeadAssertion_seq IF NOT EXISTS FOR (a:LeadAssertion) ON (a.seq);
// Matter: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Matter_key IF NOT EXISTS FOR (n:Matter) REQUIRE n.key IS UNIQUE;
CREATE INDEX Matter_seq IF NOT EXISTS FOR (n:Matter) ON (n.seq);
CREATE INDEX Matter_nid IF NOT EXISTS FOR (n:Matter) ON (n.nid);
CREATE CONSTRAINT MatterAssertion_vid IF NOT EXISTS FOR (a:MatterAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX MatterAssertion_nid IF NOT EXISTS FOR (a:MatterAssertion) ON (a.nid);
CREATE INDEX MatterAssertion_akey IF NOT EXISTS FOR (a:MatterAssertion) ON (a.akey);
CREATE INDEX MatterAssertion_seq IF NOT EXISTS FOR (a:MatterAssertion) ON (a.seq);
// Opinion: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Opinion_key IF NOT EXISTS FOR (n:Opinion) REQUIRE n.key IS UNIQUE;
CREATE INDEX Opinion_seq IF NOT EXISTS FOR (n:Opinion) ON (n.seq);
CREATE INDEX Opinion_nid IF NOT EXISTS FOR (n:Opinion) ON (n.nid);
CREATE CONSTRAINT OpinionAssertion_vid IF NOT EXISTS FOR (a:OpinionAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX OpinionAssertion_nid IF NOT EXISTS FOR (a:OpinionAssertion) ON (a.nid);
CREATE INDEX OpinionAssertion_akey IF NOT EXISTS FOR (a:OpinionAssertion) ON (a.akey);
CREATE INDEX OpinionAssertion_seq IF NOT EXISTS FOR (a:OpinionAssertion) ON (a.seq);
// Person: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Person_key IF NOT EXISTS FOR (n:Person) REQUIRE n.key IS UNIQUE;
CREATE INDEX Person_seq IF NOT EXISTS FOR (n:Person) ON (n.seq);
CREATE INDEX Person_nid IF NOT EXISTS FOR (n:Person) ON (n.nid);
CREATE CONSTRAINT PersonAssertion_vid IF NOT EXISTS FOR (a:PersonAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX PersonAssertion_nid IF NOT EXISTS FOR (a:PersonAssertion) ON (a.nid);
CREATE INDEX PersonAssertion_akey IF NOT EXISTS FOR (a:PersonAssertion) ON (a.akey);
CREATE INDEX PersonAssertion_seq IF NOT EXISTS FOR (a:PersonAssertion) ON (a.seq);
// Phone: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Phone_key IF NOT EXISTS FOR (n:Phone) REQUIRE n.key IS UNIQUE;
CREATE INDEX Phone_seq IF NOT EXISTS FOR (n:Phone) ON (n.seq);
CREATE INDEX Phone_nid IF NOT EXISTS FOR (n:Phone) ON (n.nid);
CREATE CONSTRAINT PhoneAssertion_vid IF NOT EXISTS FOR (a:PhoneAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX PhoneAssertion_nid IF NOT EXISTS FOR (a:PhoneAssertion) ON (a.nid);
CREATE INDEX PhoneAssertion_akey IF NOT EXISTS FOR (a:PhoneAssertion) ON (a.akey);
CREATE INDEX PhoneAssertion_seq IF NOT EXISTS FOR (a:PhoneAssertion) ON (a.seq);
// Platform: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Platform_key IF NOT EXISTS FOR (n:Platform) REQUIRE n.key IS UNIQUE;
CREATE INDEX Platform_seq IF NOT EXISTS FOR (n:Platform) ON (n.seq);
CREATE INDEX Platform_nid IF NOT EXISTS FOR (n:Platform) ON (n.nid);
CREATE CONSTRAINT PlatformAssertion_vid IF NOT EXISTS FOR (a:PlatformAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX PlatformAssertion_nid IF NOT EXISTS FOR (a:PlatformAssertion) ON (a.nid);
CREATE INDEX PlatformAssertion_akey IF NOT EXISTS FOR (a:PlatformAssertion) ON (a.akey);
CREATE INDEX PlatformAssertion_seq IF NOT EXISTS FOR (a:PlatformAssertion) ON (a.seq);
// PoliceReport: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT PoliceReport_key IF NOT EXISTS FOR (n:PoliceReport) REQUIRE n.key IS UNIQUE;
CREATE INDEX PoliceReport_seq IF NOT EXISTS FOR (n:PoliceReport) ON (n.seq);
CREATE INDEX PoliceReport_nid IF NOT EXISTS FOR (n:PoliceReport) ON (n.nid);
CREATE CONSTRAINT PoliceReportAssertion_vid IF NOT EXISTS FOR (a:PoliceReportAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX PoliceReportAssertion_nid IF NOT EXISTS FOR (a:PoliceReportAssertion) ON (a.nid);
CREATE INDEX PoliceReportAssertion_akey IF NOT EXISTS FOR (a:PoliceReportAssertion) ON (a.akey);
CREATE INDEX PoliceReportAssertion_seq IF NOT EXISTS FOR (a:PoliceReportAssertion) ON (a.seq);
// PoliceStation: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT PoliceStation_key IF NOT EXISTS FOR (n:PoliceStation) REQUIRE n.key IS UNIQUE;
CREATE INDEX PoliceStation_seq IF NOT EXISTS FOR (n:PoliceStation) ON (n.seq);
CREATE INDEX PoliceStation_nid IF NOT EXISTS FOR (n:PoliceStation) ON (n.nid);
CREATE CONSTRAINT PoliceStationAssertion_vid IF NOT EXISTS FOR (a:PoliceStationAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX PoliceStationAssertion_nid IF NOT EXISTS FOR (a:PoliceStationAssertion) ON (a.nid);
CREATE INDEX PoliceStationAssertion_akey IF NOT EXISTS FOR (a:PoliceStationAssertion) ON (a.akey);
CREATE INDEX PoliceStationAssertion_seq IF NOT EXISTS FOR (a:PoliceStationAssertion) ON (a.seq);
// Provider: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Provider_key IF NOT EXISTS FOR (n:Provider) REQUIRE n.key IS UNIQUE;
CREATE INDEX Provider_seq IF NOT EXISTS FOR (n:Provider) ON (n.seq);
CREATE INDEX Provider_nid IF NOT EXISTS FOR (n:Provider) ON (n.nid);
CREATE CONSTRAINT ProviderAssertion_vid IF NOT EXISTS FOR (a:ProviderAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX ProviderAssertion_nid IF NOT EXISTS FOR (a:ProviderAssertion) ON (a.nid);
CREATE INDEX ProviderAssertion_akey IF NOT EXISTS FOR (a:ProviderAssertion) ON (a.akey);
CREATE INDEX ProviderAssertion_seq IF NOT EXISTS FOR (a:ProviderAssertion) ON (a.seq);
// Sensor: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Sensor_key IF NOT EXISTS FOR (n:Sensor) REQUIRE n.key IS UNIQUE;
CREATE INDEX Sensor_seq IF NOT EXISTS FOR (n:Sensor) ON (n.seq);
CREATE INDEX Sensor_nid IF NOT EXISTS FOR (n:Sensor) ON (n.nid);
CREATE CONSTRAINT SensorAssertion_vid IF NOT EXISTS FOR (a:SensorAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX SensorAssertion_nid IF NOT EXISTS FOR (a:SensorAssertion) ON (a.nid);
CREATE INDEX SensorAssertion_akey IF NOT EXISTS FOR (a:SensorAssertion) ON (a.akey);
CREATE INDEX SensorAssertion_seq IF NOT EXISTS FOR (a:SensorAssertion) ON (a.seq);
// Task: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Task_key IF NOT EXISTS FOR (n:Task) REQUIRE n.key IS UNIQUE;
CREATE INDEX Task_seq IF NOT EXISTS FOR (n:Task) ON (n.seq);
CREATE INDEX Task_nid IF NOT EXISTS FOR (n:Task) ON (n.nid);
CREATE CONSTRAINT TaskAssertion_vid IF NOT EXISTS FOR (a:TaskAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX TaskAssertion_nid IF NOT EXISTS FOR (a:TaskAssertion) ON (a.nid);
CREATE INDEX TaskAssertion_akey IF NOT EXISTS FOR (a:TaskAssertion) ON (a.akey);
CREATE INDEX TaskAssertion_seq IF NOT EXISTS FOR (a:TaskAssertion) ON (a.seq);
// Vessel: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Vessel_key IF NOT EXISTS FOR (n:Vessel) REQUIRE n.key IS UNIQUE;
CREATE INDEX Vessel_seq IF NOT EXISTS FOR (n:Vessel) ON (n.seq);
CREATE INDEX Vessel_nid IF NOT EXISTS FOR (n:Vessel) ON (n.nid);
CREATE CONSTRAINT VesselAssertion_vid IF NOT EXISTS FOR (a:VesselAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX VesselAssertion_nid IF NOT EXISTS FOR (a:VesselAssertion) ON (a.nid);
CREATE INDEX VesselAssertion_akey IF NOT EXISTS FOR (a:VesselAssertion) ON (a.akey);
CREATE INDEX VesselAssertion_seq IF NOT EXISTS FOR (a:VesselAssertion) ON (a.seq);
// Volunteer: its nodes by key; the versions of its assertions.
CREATE CONSTRAINT Volunteer_key IF NOT EXISTS FOR (n:Volunteer) REQUIRE n.key IS UNIQUE;
CREATE INDEX Volunteer_seq IF NOT EXISTS FOR (n:Volunteer) ON (n.seq);
CREATE INDEX Volunteer_nid IF NOT EXISTS FOR (n:Volunteer) ON (n.nid);
CREATE CONSTRAINT VolunteerAssertion_vid IF NOT EXISTS FOR (a:VolunteerAssertion) REQUIRE a.vid IS UNIQUE;
CREATE INDEX VolunteerAssertion_nid IF NOT EXISTS FOR (a:VolunteerAssertion) ON (a.nid);
CREATE INDEX VolunteerAssertion_akey IF NOT EXISTS FOR (a:VolunteerAssertion) ON (a.akey);
CREATE INDEX VolunteerAssertion_seq IF NOT EXISTS FOR (a:VolunteerAssertion) ON (a.seq);
// ASSOCIATED_WITH (state)
CREATE CONSTRAINT ASSOCIATED_WITH_vid IF NOT EXISTS FOR ()-[r:ASSOCIATED_WITH]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX ASSOCIATED_WITH_eid IF NOT EXISTS FOR ()-[r:ASSOCIATED_WITH]-() ON (r.eid);
CREATE INDEX ASSOCIATED_WITH_akey IF NOT EXISTS FOR ()-[r:ASSOCIATED_WITH]-() ON (r.akey);
CREATE INDEX ASSOCIATED_WITH_seq IF NOT EXISTS FOR ()-[r:ASSOCIATED_WITH]-() ON (r.seq);
// BORROWED (state)
CREATE CONSTRAINT BORROWED_vid IF NOT EXISTS FOR ()-[r:BORROWED]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX BORROWED_eid IF NOT EXISTS FOR ()-[r:BORROWED]-() ON (r.eid);
CREATE INDEX BORROWED_akey IF NOT EXISTS FOR ()-[r:BORROWED]-() ON (r.akey);
CREATE INDEX BORROWED_seq IF NOT EXISTS FOR ()-[r:BORROWED]-() ON (r.seq);
// CALLED (aggregate)
CREATE CONSTRAINT CALLED_eid IF NOT EXISTS FOR ()-[r:CALLED]-() REQUIRE r.eid IS UNIQUE;
CREATE CONSTRAINT CALLED_akey IF NOT EXISTS FOR ()-[r:CALLED]-() REQUIRE r.akey IS UNIQUE;
CREATE INDEX CALLED_seq IF NOT EXISTS FOR ()-[r:CALLED]-() ON (r.seq);
// CONCERNS (state)
CREATE CONSTRAINT CONCERNS_vid IF NOT EXISTS FOR ()-[r:CONCERNS]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX CONCERNS_eid IF NOT EXISTS FOR ()-[r:CONCERNS]-() ON (r.eid);
CREATE INDEX CONCERNS_akey IF NOT EXISTS FOR ()-[r:CONCERNS]-() ON (r.akey);
CREATE INDEX CONCERNS_seq IF NOT EXISTS FOR ()-[r:CONCERNS]-() ON (r.seq);
// CUSTODY_OF (state)
CREATE CONSTRAINT CUSTODY_OF_vid IF NOT EXISTS FOR ()-[r:CUSTODY_OF]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX CUSTODY_OF_eid IF NOT EXISTS FOR ()-[r:CUSTODY_OF]-() ON (r.eid);
CREATE INDEX CUSTODY_OF_akey IF NOT EXISTS FOR ()-[r:CUSTODY_OF]-() ON (r.akey);
CREATE INDEX CUSTODY_OF_seq IF NOT EXISTS FOR ()-[r:CUSTODY_OF]-() ON (r.seq);
// ENROLLED_AS (state)
CREATE CONSTRAINT ENROLLED_AS_vid IF NOT EXISTS FOR ()-[r:ENROLLED_AS]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX ENROLLED_AS_eid IF NOT EXISTS FOR ()-[r:ENROLLED_AS]-() ON (r.eid);
CREATE INDEX ENROLLED_AS_akey IF NOT EXISTS FOR ()-[r:ENROLLED_AS]-() ON (r.akey);
CREATE INDEX ENROLLED_AS_seq IF NOT EXISTS FOR ()-[r:ENROLLED_AS]-() ON (r.seq);
// GRABBED (event)
CREATE CONSTRAINT GRABBED_eid IF NOT EXISTS FOR ()-[r:GRABBED]-() REQUIRE r.eid IS UNIQUE;
CREATE CONSTRAINT GRABBED_akey IF NOT EXISTS FOR ()-[r:GRABBED]-() REQUIRE r.akey IS UNIQUE;
CREATE INDEX GRABBED_seq IF NOT EXISTS FOR ()-[r:GRABBED]-() ON (r.seq);
// GRANTED (state)
CREATE CONSTRAINT GRANTED_vid IF NOT EXISTS FOR ()-[r:GRANTED]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX GRANTED_eid IF NOT EXISTS FOR ()-[r:GRANTED]-() ON (r.eid);
CREATE INDEX GRANTED_akey IF NOT EXISTS FOR ()-[r:GRANTED]-() ON (r.akey);
CREATE INDEX GRANTED_seq IF NOT EXISTS FOR ()-[r:GRANTED]-() ON (r.seq);
// HANDLED_BY (state)
CREATE CONSTRAINT HANDLED_BY_vid IF NOT EXISTS FOR ()-[r:HANDLED_BY]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX HANDLED_BY_eid IF NOT EXISTS FOR ()-[r:HANDLED_BY]-() ON (r.eid);
CREATE INDEX HANDLED_BY_akey IF NOT EXISTS FOR ()-[r:HANDLED_BY]-() ON (r.akey);
CREATE INDEX HANDLED_BY_seq IF NOT EXISTS FOR ()-[r:HANDLED_BY]-() ON (r.seq);
// HOLDS (state)
CREATE CONSTRAINT HOLDS_vid IF NOT EXISTS FOR ()-[r:HOLDS]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX HOLDS_eid IF NOT EXISTS FOR ()-[r:HOLDS]-() ON (r.eid);
CREATE INDEX HOLDS_akey IF NOT EXISTS FOR ()-[r:HOLDS]-() ON (r.akey);
CREATE INDEX HOLDS_seq IF NOT EXISTS FOR ()-[r:HOLDS]-() ON (r.seq);
// INVESTS_IN (state)
CREATE CONSTRAINT INVESTS_IN_vid IF NOT EXISTS FOR ()-[r:INVESTS_IN]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX INVESTS_IN_eid IF NOT EXISTS FOR ()-[r:INVESTS_IN]-() ON (r.eid);
CREATE INDEX INVESTS_IN_akey IF NOT EXISTS FOR ()-[r:INVESTS_IN]-() ON (r.akey);
CREATE INDEX INVESTS_IN_seq IF NOT EXISTS FOR ()-[r:INVESTS_IN]-() ON (r.seq);
// INVITED (state)
CREATE CONSTRAINT INVITED_vid IF NOT EXISTS FOR ()-[r:INVITED]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX INVITED_eid IF NOT EXISTS FOR ()-[r:INVITED]-() ON (r.eid);
CREATE INDEX INVITED_akey IF NOT EXISTS FOR ()-[r:INVITED]-() ON (r.akey);
CREATE INDEX INVITED_seq IF NOT EXISTS FOR ()-[r:INVITED]-() ON (r.seq);
// JUDGED (state)
CREATE CONSTRAINT JUDGED_vid IF NOT EXISTS FOR ()-[r:JUDGED]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX JUDGED_eid IF NOT EXISTS FOR ()-[r:JUDGED]-() ON (r.eid);
CREATE INDEX JUDGED_akey IF NOT EXISTS FOR ()-[r:JUDGED]-() ON (r.akey);
CREATE INDEX JUDGED_seq IF NOT EXISTS FOR ()-[r:JUDGED]-() ON (r.seq);
// LEGAL_REP_OF (state)
CREATE CONSTRAINT LEGAL_REP_OF_vid IF NOT EXISTS FOR ()-[r:LEGAL_REP_OF]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX LEGAL_REP_OF_eid IF NOT EXISTS FOR ()-[r:LEGAL_REP_OF]-() ON (r.eid);
CREATE INDEX LEGAL_REP_OF_akey IF NOT EXISTS FOR ()-[r:LEGAL_REP_OF]-() ON (r.akey);
CREATE INDEX LEGAL_REP_OF_seq IF NOT EXISTS FOR ()-[r:LEGAL_REP_OF]-() ON (r.seq);
// LIVES_IN (state)
CREATE CONSTRAINT LIVES_IN_vid IF NOT EXISTS FOR ()-[r:LIVES_IN]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX LIVES_IN_eid IF NOT EXISTS FOR ()-[r:LIVES_IN]-() ON (r.eid);
CREATE INDEX LIVES_IN_akey IF NOT EXISTS FOR ()-[r:LIVES_IN]-() ON (r.akey);
CREATE INDEX LIVES_IN_seq IF NOT EXISTS FOR ()-[r:LIVES_IN]-() ON (r.seq);
// LOCATED_IN (state)
CREATE CONSTRAINT LOCATED_IN_vid IF NOT EXISTS FOR ()-[r:LOCATED_IN]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX LOCATED_IN_eid IF NOT EXISTS FOR ()-[r:LOCATED_IN]-() ON (r.eid);
CREATE INDEX LOCATED_IN_akey IF NOT EXISTS FOR ()-[r:LOCATED_IN]-() ON (r.akey);
CREATE INDEX LOCATED_IN_seq IF NOT EXISTS FOR ()-[r:LOCATED_IN]-() ON (r.seq);
// MENTIONS (state)
CREATE CONSTRAINT MENTIONS_vid IF NOT EXISTS FOR ()-[r:MENTIONS]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX MENTIONS_eid IF NOT EXISTS FOR ()-[r:MENTIONS]-() ON (r.eid);
CREATE INDEX MENTIONS_akey IF NOT EXISTS FOR ()-[r:MENTIONS]-() ON (r.akey);
CREATE INDEX MENTIONS_seq IF NOT EXISTS FOR ()-[r:MENTIONS]-() ON (r.seq);
// NAMES_CONTACT (state)
CREATE CONSTRAINT NAMES_CONTACT_vid IF NOT EXISTS FOR ()-[r:NAMES_CONTACT]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX NAMES_CONTACT_eid IF NOT EXISTS FOR ()-[r:NAMES_CONTACT]-() ON (r.eid);
CREATE INDEX NAMES_CONTACT_akey IF NOT EXISTS FOR ()-[r:NAMES_CONTACT]-() ON (r.akey);
CREATE INDEX NAMES_CONTACT_seq IF NOT EXISTS FOR ()-[r:NAMES_CONTACT]-() ON (r.seq);
// OPERATES (state)
CREATE CONSTRAINT OPERATES_vid IF NOT EXISTS FOR ()-[r:OPERATES]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX OPERATES_eid IF NOT EXISTS FOR ()-[r:OPERATES]-() ON (r.eid);
CREATE INDEX OPERATES_akey IF NOT EXISTS FOR ()-[r:OPERATES]-() ON (r.akey);
CREATE INDEX OPERATES_seq IF NOT EXISTS FOR ()-[r:OPERATES]-() ON (r.seq);
// OWNS (state)
CREATE CONSTRAINT OWNS_vid IF NOT EXISTS FOR ()-[r:OWNS]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX OWNS_eid IF NOT EXISTS FOR ()-[r:OWNS]-() ON (r.eid);
CREATE INDEX OWNS_akey IF NOT EXISTS FOR ()-[r:OWNS]-() ON (r.akey);
CREATE INDEX OWNS_seq IF NOT EXISTS FOR ()-[r:OWNS]-() ON (r.seq);
// OWNS_PHONE (state)
CREATE CONSTRAINT OWNS_PHONE_vid IF NOT EXISTS FOR ()-[r:OWNS_PHONE]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX OWNS_PHONE_eid IF NOT EXISTS FOR ()-[r:OWNS_PHONE]-() ON (r.eid);
CREATE INDEX OWNS_PHONE_akey IF NOT EXISTS FOR ()-[r:OWNS_PHONE]-() ON (r.akey);
CREATE INDEX OWNS_PHONE_seq IF NOT EXISTS FOR ()-[r:OWNS_PHONE]-() ON (r.seq);
// PART_OF (state)
CREATE CONSTRAINT PART_OF_vid IF NOT EXISTS FOR ()-[r:PART_OF]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX PART_OF_eid IF NOT EXISTS FOR ()-[r:PART_OF]-() ON (r.eid);
CREATE INDEX PART_OF_akey IF NOT EXISTS FOR ()-[r:PART_OF]-() ON (r.akey);
CREATE INDEX PART_OF_seq IF NOT EXISTS FOR ()-[r:PART_OF]-() ON (r.seq);
// PROMOTES (state)
CREATE CONSTRAINT PROMOTES_vid IF NOT EXISTS FOR ()-[r:PROMOTES]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX PROMOTES_eid IF NOT EXISTS FOR ()-[r:PROMOTES]-() ON (r.eid);
CREATE INDEX PROMOTES_akey IF NOT EXISTS FOR ()-[r:PROMOTES]-() ON (r.akey);
CREATE INDEX PROMOTES_seq IF NOT EXISTS FOR ()-[r:PROMOTES]-() ON (r.seq);
// RAISED (state)
CREATE CONSTRAINT RAISED_vid IF NOT EXISTS FOR ()-[r:RAISED]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX RAISED_eid IF NOT EXISTS FOR ()-[r:RAISED]-() ON (r.eid);
CREATE INDEX RAISED_akey IF NOT EXISTS FOR ()-[r:RAISED]-() ON (r.akey);
CREATE INDEX RAISED_seq IF NOT EXISTS FOR ()-[r:RAISED]-() ON (r.seq);
// REGISTERED_AT (state)
CREATE CONSTRAINT REGISTERED_AT_vid IF NOT EXISTS FOR ()-[r:REGISTERED_AT]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX REGISTERED_AT_eid IF NOT EXISTS FOR ()-[r:REGISTERED_AT]-() ON (r.eid);
CREATE INDEX REGISTERED_AT_akey IF NOT EXISTS FOR ()-[r:REGISTERED_AT]-() ON (r.akey);
CREATE INDEX REGISTERED_AT_seq IF NOT EXISTS FOR ()-[r:REGISTERED_AT]-() ON (r.seq);
// RENTS (state)
CREATE CONSTRAINT RENTS_vid IF NOT EXISTS FOR ()-[r:RENTS]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX RENTS_eid IF NOT EXISTS FOR ()-[r:RENTS]-() ON (r.eid);
CREATE INDEX RENTS_akey IF NOT EXISTS FOR ()-[r:RENTS]-() ON (r.akey);
CREATE INDEX RENTS_seq IF NOT EXISTS FOR ()-[r:RENTS]-() ON (r.seq);
// REPAID (event)
CREATE CONSTRAINT REPAID_eid IF NOT EXISTS FOR ()-[r:REPAID]-() REQUIRE r.eid IS UNIQUE;
CREATE CONSTRAINT REPAID_akey IF NOT EXISTS FOR ()-[r:REPAID]-() REQUIRE r.akey IS UNIQUE;
CREATE INDEX REPAID_seq IF NOT EXISTS FOR ()-[r:REPAID]-() ON (r.seq);
// REPORTED (state)
CREATE CONSTRAINT REPORTED_vid IF NOT EXISTS FOR ()-[r:REPORTED]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX REPORTED_eid IF NOT EXISTS FOR ()-[r:REPORTED]-() ON (r.eid);
CREATE INDEX REPORTED_akey IF NOT EXISTS FOR ()-[r:REPORTED]-() ON (r.akey);
CREATE INDEX REPORTED_seq IF NOT EXISTS FOR ()-[r:REPORTED]-() ON (r.seq);
// RESIDES_AT (state)
CREATE CONSTRAINT RESIDES_AT_vid IF NOT EXISTS FOR ()-[r:RESIDES_AT]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX RESIDES_AT_eid IF NOT EXISTS FOR ()-[r:RESIDES_AT]-() ON (r.eid);
CREATE INDEX RESIDES_AT_akey IF NOT EXISTS FOR ()-[r:RESIDES_AT]-() ON (r.akey);
CREATE INDEX RESIDES_AT_seq IF NOT EXISTS FOR ()-[r:RESIDES_AT]-() ON (r.seq);
// RESPONSIBLE_FOR (state)
CREATE CONSTRAINT RESPONSIBLE_FOR_vid IF NOT EXISTS FOR ()-[r:RESPONSIBLE_FOR]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX RESPONSIBLE_FOR_eid IF NOT EXISTS FOR ()-[r:RESPONSIBLE_FOR]-() ON (r.eid);
CREATE INDEX RESPONSIBLE_FOR_akey IF NOT EXISTS FOR ()-[r:RESPONSIBLE_FOR]-() ON (r.akey);
CREATE INDEX RESPONSIBLE_FOR_seq IF NOT EXISTS FOR ()-[r:RESPONSIBLE_FOR]-() ON (r.seq);
// REVIEWED (event)
CREATE CONSTRAINT REVIEWED_eid IF NOT EXISTS FOR ()-[r:REVIEWED]-() REQUIRE r.eid IS UNIQUE;
CREATE CONSTRAINT REVIEWED_akey IF NOT EXISTS FOR ()-[r:REVIEWED]-() REQUIRE r.akey IS UNIQUE;
CREATE INDEX REVIEWED_seq IF NOT EXISTS FOR ()-[r:REVIEWED]-() ON (r.seq);
// SETTLED (event)
CREATE CONSTRAINT SETTLED_eid IF NOT EXISTS FOR ()-[r:SETTLED]-() REQUIRE r.eid IS UNIQUE;
CREATE CONSTRAINT SETTLED_akey IF NOT EXISTS FOR ()-[r:SETTLED]-() REQUIRE r.akey IS UNIQUE;
CREATE INDEX SETTLED_seq IF NOT EXISTS FOR ()-[r:SETTLED]-() ON (r.seq);
// STOPS (state)
CREATE CONSTRAINT STOPS_vid IF NOT EXISTS FOR ()-[r:STOPS]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX STOPS_eid IF NOT EXISTS FOR ()-[r:STOPS]-() ON (r.eid);
CREATE INDEX STOPS_akey IF NOT EXISTS FOR ()-[r:STOPS]-() ON (r.akey);
CREATE INDEX STOPS_seq IF NOT EXISTS FOR ()-[r:STOPS]-() ON (r.seq);
// SUCCEEDED_BY (state)
CREATE CONSTRAINT SUCCEEDED_BY_vid IF NOT EXISTS FOR ()-[r:SUCCEEDED_BY]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX SUCCEEDED_BY_eid IF NOT EXISTS FOR ()-[r:SUCCEEDED_BY]-() ON (r.eid);
CREATE INDEX SUCCEEDED_BY_akey IF NOT EXISTS FOR ()-[r:SUCCEEDED_BY]-() ON (r.akey);
CREATE INDEX SUCCEEDED_BY_seq IF NOT EXISTS FOR ()-[r:SUCCEEDED_BY]-() ON (r.seq);
// TAGGED (state)
CREATE CONSTRAINT TAGGED_vid IF NOT EXISTS FOR ()-[r:TAGGED]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX TAGGED_eid IF NOT EXISTS FOR ()-[r:TAGGED]-() ON (r.eid);
CREATE INDEX TAGGED_akey IF NOT EXISTS FOR ()-[r:TAGGED]-() ON (r.akey);
CREATE INDEX TAGGED_seq IF NOT EXISTS FOR ()-[r:TAGGED]-() ON (r.seq);
// TRANSFERRED (event)
CREATE CONSTRAINT TRANSFERRED_eid IF NOT EXISTS FOR ()-[r:TRANSFERRED]-() REQUIRE r.eid IS UNIQUE;
CREATE CONSTRAINT TRANSFERRED_akey IF NOT EXISTS FOR ()-[r:TRANSFERRED]-() REQUIRE r.akey IS UNIQUE;
CREATE INDEX TRANSFERRED_seq IF NOT EXISTS FOR ()-[r:TRANSFERRED]-() ON (r.seq);
// USES_DEVICE (state)
CREATE CONSTRAINT USES_DEVICE_vid IF NOT EXISTS FOR ()-[r:USES_DEVICE]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX USES_DEVICE_eid IF NOT EXISTS FOR ()-[r:USES_DEVICE]-() ON (r.eid);
CREATE INDEX USES_DEVICE_akey IF NOT EXISTS FOR ()-[r:USES_DEVICE]-() ON (r.akey);
CREATE INDEX USES_DEVICE_seq IF NOT EXISTS FOR ()-[r:USES_DEVICE]-() ON (r.seq);
// WATCHES (state)
CREATE CONSTRAINT WATCHES_vid IF NOT EXISTS FOR ()-[r:WATCHES]-() REQUIRE r.vid IS UNIQUE;
CREATE INDEX WATCHES_eid IF NOT EXISTS FOR ()-[r:WATCHES]-() ON (r.eid);
CREATE INDEX WATCHES_akey IF NOT EXISTS FOR ()-[r:WATCHES]-() ON (r.akey);
CREATE INDEX WATCHES_seq IF NOT EXISTS FOR ()-[r:WATCHES]-() ON (r.seq);
