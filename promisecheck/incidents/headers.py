"""The words that column headers use in Danish, Norwegian, Swedish and English, by the field they mean."""

from __future__ import annotations

# Written without spaces, case and punctuation, as `plain_header` leaves them.
HEADERS: dict[str, str] = {
    "external_id": """
        id sagsnr sagsnummer sagsid sagnr sag saksnr saksnummer saksid sak ärende ärendenr ärendenummer ärendeid
        ärendenr arende arendenr arendenummer referanse reference referencenummer referensnummer ref refnr ticket
        ticketid ticketno ticketnumber ticketnr case caseid caseno casenumber casenr incidentid incident
        incidentnumber henvendelsesid henvendelsesnr henvendelsesnummer henvendelseid externalid eksterntid key
        issuekey issueid number nummer nr løbenr løbenummer conversationid samtaleid complaintid klagenr
        reklamationsnr klagenummer caseconceptname requestid
    """,
    "occurred_at": """
        occurredat oprettet oprettetden oprettetdato oprettelsesdato oprettelsestidspunkt opprettet opprettetdato
        opprettetden skapad skapat skapaddatum skapades created createdat createddate createdon createdtime
        creationdate dato datum date tid tidspunkt tidpunkt timestamp time datetime modtaget modtagetdato
        modtagelsesdato mottatt mottattdato mottagen mottaget mottagetdatum inkommen inkommet received receivedat
        receiveddate registreret registrert registrerad registreringsdato opened openedat openedon åbnet åpnet
        öppnad henvendelsesdato hændelsesdato hendelsesdato händelsedatum incidentdate eventdate reported
        reportedat meldt meldtdato anmäld start startdate starttid startdato startet began submitted submittedat
        casestartdate reviewdate indsendt publiceret published modtagelse oprettelse henvendelsemodtaget
        sagoprettet sagenoprettet
    """,
    "closed_at": """
        closedat closed closeddate closedon afsluttet afsluttetdato afsluttetden afslutningsdato avsluttet
        avsluttetdato avslutad avslutat avslutaddatum lukket lukketdato lukketden lukkedato lukketidspunkt
        stängd stängt stängddatum stangd løst løstdato løstden lost löst löstdatum lösningsdatum resolved
        resolvedat resolveddate resolutiondate solved solvedat solveddate completed completedat ended endedat
        enddate slut slutdato slutdatum sluttdato færdig færdigbehandlet ferdigbehandlet ferdig klar caseenddate
        endtime afslutning avslutning lukning closing sagafsluttet sagenafsluttet
    """,
    "first_reply_at": """
        firstreplyat firstreply firstresponse firstresponseat firstrespondedat repliedat respondedat answeredat
        førstesvar førstesvardato førstesvartidspunkt besvaret besvaretden besvaretdato svardato svartidspunkt
        besvart besvartdato førstesvardato förstasvar förstasvaret besvarad besvarat besvaraddatum svarsdatum
        svaret svarat firstcontactat answered 1svar 1stesvar førstereaktion firstreaction
        svarafsendt
    """,
    "language": "language lang sprog sprogkode språk språkkod",
    "channel": """
        channel kanal henvendelseskanal kontaktkanal kontaktform kontaktmåde kontaktsätt kontaktväg
        henvendelsesform source origin via medie medium indgang casechannel
    """,
    "theme": """
        theme tema emnekategori kategori category topic type sagstype sakstype ärendetyp typ casetype tickettype
        årsag årsak orsak reason henvendelsestype klagetype complainttype underkategori
    """,
    "touchpoint": """
        touchpoint kontaktpunkt berøringspunkt beröringspunkt trin steg stage journey journeystage kunderejse
        kunderejsetrin proces prosess process produkt product tjeneste tjänst service ydelse
    """,
    "party": """
        party afdeling afd avdeling avdelning department dept team gruppe grupp group queue enhed enhet unit
        ansvarlig ansvarligafdeling partner leverandør leverantör supplier underleverandør underleverantör
        subcontractor vendor operatør operatör operator assignedteam assignmentgroup butik butikk store filial
        casedepartment workgroup owner agentgroup
    """,
    "summary": """
        summary emne subject title titel tittel overskrift rubrik ämne amne headline resume resumé sammendrag
        sammanfattning kortbeskrivelse shortdescription heading
    """,
    "details": """
        details description beskrivelse beskrivning tekst text besked meddelelse melding meddelande message
        henvendelse henvendelsestekst body content indhold innhold innehåll innehall comment comments kommentar
        kommentarer bemærkning bemærkninger merknad anmärkning note notes notat noter anteckning anteckningar
        fritekst fritext freetext complaint klage klagomål klagomal klagetekst klagotext review anmeldelse
        omtale recension omdöme feedback tilbakemelding tilbagemelding återkoppling dialog transcript udskrift
        forløb hændelsesforløb hendelsesforløp händelseförlopp longdescription reviewtext customercomment
        kundekommentar sagsbeskrivelse sagstekst sagenstekst kundensbesked kundenskommentar saksbeskrivelse ärendebeskrivning
    """,
    "status": "status state tilstand sagsstatus saksstatus ärendestatus casestatus ticketstatus",
    "deadline": """
        deadline casedeadline frist svarfrist sagsfrist due dueat duedate dueby forfald forfaldsdato förfallodatum
        sladeadline sladue senest seneste
    """,
    "ordered_at": """
        orderedat orderdate ordered ordredato ordretidspunkt bestilt bestiltden bestillingsdato bestilltdatum
        beställd beställningsdatum orderdatum købsdato kjøpsdato köpdatum purchasedate
    """,
    "delivered_at": """
        deliveredat delivered deliverydate leveret leveretden leveretdato leveringsdato levert levertdato
        levererad levererat leveransdatum leveransedato modtagetafkunde
    """,
    "dispatched_at": """
        dispatchedat dispatched shippedat shipped shipdate shippeddate afsendt afsendelsesdato sendt sendtdato
        utsendt skickad skickat skickaddatum avsänd avsändt pakketafsted
    """,
    "installed_at": """
        installedat installed installationdate installationsdato installeret installeretdato installert
        installertdato installasjonsdato installerad installerat installationsdatum monteret montert monterad
    """,
    "refunded_at": """
        refundedat refunded refunddate refunderet refunderetdato refundert refundertdato refusjonsdato
        tilbagebetalt tilbagebetaltdato tilbakebetalt återbetald återbetalat återbetalningsdatum krediteret
    """,
    "scheduled_at": """
        scheduledat scheduled scheduledarrival scheduleddeparture plannedarrival planneddeparture planlagt
        planlagtankomst planlagtafgang planlagtavgang køreplan rutetid rutetidankomst rutetidavgang rutetidafgang
        planerad planeradankomst planeradavgång tidtabell
    """,
    "actual_at": """
        actualat actual actualarrival actualdeparture faktiskankomst faktiskafgang faktiskavgang faktiskavgång
        faktisktid verkligankomst verkligavgång ankommet ankommer ankom
    """,
    "delay_minutes": """
        delayminutes delay delayed minutesdelayed forsinkelse forsinkelseminutter forsinket forsinkelsesminutter
        försening förseningsminuter försenad minutterforsinket minuterförsenad
    """,
    "first_reply_hours": """
        firstreplyhours firstresponsehours firstreplytime firstresponsetime responsetime responsetimehours
        replytime svartid svartidtimer svartiditimer svartidtimar svartidtimmar svarstid førstesvartid
        førstesvartimer timertilførstesvar timertilsvar hourstofirstreply reaktionstid responstid
    """,
    "resolution_hours": """
        resolutionhours resolutiontime resolutiontimehours handlingtime behandlingstid sagsbehandlingstid
        saksbehandlingstid handläggningstid løsningstid lösningstid tidtilløsning timertilløsning
        hourstoresolution timetoresolve løsningstidtimer behandlingstidtimer
    """,
    "paused_hours": """
        pausedhours pausetimer ventetidkunde ventetidpåkunde ventpåkunde ventetpåkunde waitingoncustomer
        waitingoncustomerhours waitingforcustomer afventerkunde väntatpåkund väntetidkund onholdhours onhold
    """,
    "queue_minutes": """
        queueminutes queuetime waittime waitingtime waitminutes ventetid ventetidmin ventetidminutter køtid
        køminutter kotid ventetidikø minutterikø telefonkø kötid köminuter väntetid väntetidmin väntetidminuter
        holdtime speedofanswer minikø minutterikø minutterikøen minikö minuterikö minutesinqueue mininqueue
        tidikø tidikö ventetiditelefonkø väntetiditelefonkö
    """,
    "delivery_working_days": """
        deliveryworkingdays deliverybusinessdays leveringstidhverdage leveringstidarbejdsdage
        leveringstidvirkedager leveringstidarbeidsdager leveranstidarbetsdagar leveranstidvardagar
        leveringsdage leveringsdager leveransdagar deliverydays workingdays businessdays hverdage virkedager
        arbejdsdage arbeidsdager arbetsdagar vardagar leveringstid leveranstid deliverytime
    """,
    "transfers": """
        transfers transfercount omstillinger antalomstillinger viderestillinger antalviderestillinger
        viderestilling omstilling kopplingar antalkopplingar överflyttningar omkopplingar vidarekopplingar
        handovers reassignments reassignmentcount antalviderestilt overføringer antalloverføringer
    """,
    "contacts": """
        contacts contactcount numberofcontacts kontakter antalkontakter antallkontakter henvendelser
        antalhenvendelser antallhenvendelser opkald antalopkald antallanrop anrop antalsamtal touches interactions
        antalkontaktgange
    """,
    "reopened": """
        reopened reopencount reopens genåbnet genåbninger antalgenåbninger gjenåpnet gjenåpninger återöppnad
        återöppnat återöppningar
    """,
    "price_promised": """
        pricepromised promisedprice agreedprice quotedprice quote aftaltpris avtaltpris avtalatpris lovetpris
        tilbudspris offertpris oplystpris opplystpris pristilbud utlovatpris listpris listeprice
    """,
    "price_charged": """
        pricecharged chargedprice charged amountcharged billed billedamount invoiced opkrævet opkrævetbeløb
        faktureret faktureretbeløb fakturert fakturertbeløp betaltbeløb betaltbeløp betaltbelopp fakturerat fakturerad fakturabelopp betaltpris
        betalt trukket debiterat debiterad belastet faktiskpris
    """,
    "order_value": """
        ordervalue ordertotal orderamount basketvalue ordreværdi ordrebeløb ordretotal ordresum ordreverdi ordrebeløp
        bestillingsværdi bestillingsverdi ordervärde ordervarde ordersumma orderbelopp beställningsvärde købesum
        kjøpesum köpesumma varukorg handlekurv kurv
    """,
    "country": """
        country countrycode destination destinationcountry deliverycountry shippingcountry land landekode landkode
        landskod leveringsland leveranseland leveransland modtagerland mottakerland mottagarland
    """,
    "customers": """
        customers customergroup customersegment customertype segment kundegruppe kundesegment kundetype kundgrupp
        kundsegment kundtyp membership medlemskab medlemskap
    """,
    "measured_by": "measuredby measuredwith målemetode måltmed måltvia uppmättmed uppmätmed mätmetod målemetode",
    "uptime": "uptime oppetid upptid oppetidprocent oppetidprosent upptidprocent availability tilgængelighed "
    "tilgjengelighet tillgänglighet",
    "speed_promised": """
        speedpromised promisedspeed agreedspeed aftalthastighed avtalthastighet avtaladhastighet lovethastighed
        bestilthastighet advertisedspeed
    """,
    "speed_delivered": """
        speeddelivered deliveredspeed measuredspeed målthastighed målthastighet uppmätthastighet actualspeed
        faktiskhastighed faktiskhastighet leverethastighed leverthastighet
    """,
}

CLOSED_WORDS_TEXT = """
    closed resolved solved done completed complete lukket afsluttet løst færdig færdigbehandlet avsluttet ferdig
    ferdigbehandlet stängd avslutad löst klar besvaret besvart besvarad afgjort avgjort cancelled annulleret
    """
CLOSED_WORDS = frozenset(CLOSED_WORDS_TEXT.split())
OPEN_WORDS_TEXT = """
    open new pending inprogress onhold waiting assigned reopened åben åbent ny igang underbehandling venter afventer
    åpen åpent pågår genåbnet gjenåpnet öppen öppet ny pågående väntar återöppnad
    """
OPEN_WORDS = frozenset(OPEN_WORDS_TEXT.split())
