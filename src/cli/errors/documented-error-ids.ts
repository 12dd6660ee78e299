/** The ids of the errors of ZITADEL that docs/errors.md explains, in its order. A test compares them with the document. */
export const documentedErrorIds: ReadonlySet<string> = new Set(
  (
    "QUERY-1kIjX QUERY-d3fas AUTH-toLo1 AUTH-7fs1e AUTH-Bs7Ds AUTHZ-cdgFk AUTH-5mWD2 AUTH-DZG21 AUTHZ-Kl3p0 LIMITS-molsj " +
    "QUOTA-vjAy8 RECOVER QUERY-ADG42 QUERY-BDFrq QUERY-zE3Ro QUERY-xPlVH QUERY-ZkKUc QUERY-C1E4D SQL-KyeAx " +
    "QUERY-SAFrt ORG-JNsd3 INST-D3r1s ORG-Dg331 INST-Dg331 ORG-Bhju5 INST-Bhju5 ORG-BHz3q INST-BHz3q ORG-Dr1gs " +
    "INST-Dr1gs ORG-GBr42 INST-GBr42 ORG-HBReq INST-HBReq ORG-D2tg1 INST-D2tg1 ORG-Dqrg1 ORG-ASF3F INST-ASF3F " +
    "ORG-SG3bh INST-SG3bh ORG-z82dddndql ORG-Bg281 INST-Bg281 ORG-Se3tg INST-Se3tg ORG-Dg239201 INST-Dg29201 " +
    "ORG-x09981 INST-Dg29202 ORG-4dw21ch9o9 INST-76dbwsv9vm ORG-Fk38d INST-Fk38d ORG-eWSDf INST-eWSDf " +
    "INST-cwqVVdBwKt ORG-ipzxvf3cv2 INST-8vam1khq22 ORG-bkaiyd3rfo INST-iijz4h01if ORG-78isv6m53a INST-3bi3esi16t " +
    "ORG-j6spncd74m INST-iw1rxnf4sf ORG-SF3rwhgh INST-SF3rwhgh ORG-SFqqh42 INST-dsfj3kl2 ORG-Dr2aa ADMIN-Dr2aa " +
    "ADMIN-VmqQu Org-Ffgw2 Org-GVDfe Org-M0sif Org-GHB37 INSTANCE-GVDfe INSTANCE-Dfg4t INSTANCE-M0sif QUERY-yPqIZ " +
    "Org-3N9fs INSTANCE-m8fsd Org-FEd32 Org-2B0ps INSTANCE-2B0ps Org-39fjs INSTANCE-39fjs Org-Dgfb2 Org-5M9vdd " +
    "INSTANCE-5M9vdd Org-WSfdq Org-Sfd21 INST-SFdqd Org-SFeea Org-WSfrg COMMAND-1M9xR QUERY-rhR2o Org-1J9fs " +
    "INSTANCE-m0e3r INSTANCE-4M0xy Org-Yx9vd Org-67J9d INSTANCE-67J9d INSTANCE-2m00d V3-DKcYh Org-jf9w " +
    "INSTANCE-3k0fs Org-10ods INSTANCE-d8kwF Org-2k9fs INSTANCE-3n9gg Org-BBmd0 INSTANCE-2n0fs Org-5Mo0d " +
    "INSTANCE-5Mo0d QUERY-Dfbg2 QUERY-leq5Q"
  ).split(" "),
);
