//! The words of the report on the development group's first meeting of 2017.

use cmss::values::{BlockContent, Body, Flaw};
use cmss::{AssetId, ConsentId};

use crate::blocks::{body, facts, heading, image, paragraph, quote, unnamed_quote};

/// How it begins.
pub(crate) fn first(photo: AssetId) -> Result<Body, Flaw> {
    let (meeting, photo) = opening(photo);
    body([("meeting", meeting), ("photo", photo)])
}

fn opening(photo: AssetId) -> (BlockContent, BlockContent) {
    let meeting = "Det är det första mötet i utvecklingsgruppen 2017. Invånare och medarbetare ska \
                   tillsammans lägga upp årets arbete.";
    (paragraph(meeting), image(photo))
}

/// All of it, with the quote.
pub(crate) fn whole(photo: AssetId, consent: ConsentId) -> Result<Body, Flaw> {
    let (meeting, photo) = opening(photo);
    body([
        ("meeting", meeting),
        ("photo", photo),
        (
            "olle",
            paragraph(
                "En av invånarna har varit hemlös. Här är han invånarexpert, och han är med i flera \
                 brukargrupper också. Först undrade han vad gruppen ville ha honom till, och om \
                 inbjudan var för bra för att stämma.",
            ),
        ),
        (
            "olle-says",
            quote(
                "Vet jag vart vi ska, då vill jag dra mitt strå. Och handläggaren blir en människa.",
                "Olle",
                consent,
            ),
        ),
        ("centre", heading("Vad kan man få på Jobbtorget?")),
        (
            "centre-1",
            paragraph(
                "Två deltagare på Jobbtorget kom för att deras coacher hade frågat dem. De tycker att \
             man ska göra något av sin tid där. Men de saknar besked om vilken hjälp som finns, \
             både innan man kommer och sedan.",
            ),
        ),
        (
            "centre-2",
            unnamed_quote(
                "Jag visste inte ens vad stället var till för när jag klev in.",
                "en deltagare på Jobbtorget",
            ),
        ),
        (
            "centre-3",
            paragraph(
                "En projektkoordinator i gruppen tar det vidare. Varje månad ska Jobbtorget få höra vad \
             gruppen har tagit upp.",
            ),
        ),
        ("words", heading("Frågor som går att svara på")),
        (
            "words-1",
            paragraph(
                "Mottagningen för ekonomiskt bistånd ska ringa runt och fråga, och vill ha hjälp med \
             begripliga frågor. Mötet tipsade om Klarspråksgruppen, där brukare granskar texter, om \
             föreningen Vorta Drom, om Jobbtorget och om förvaltningens egen kommunikationsgrupp. \
             Först får mottagningen själv skriva ett förslag.",
            ),
        ),
        (
            "words-2",
            paragraph(
                "Invånarna talade om språk, kommunikation och det digitala: hjälp att överklaga ett \
             beslut, till exempel, och vilken mobil den får köpa som har försörjningsstöd.",
            ),
        ),
        (
            "goal",
            facts(
                "Målet för 2017",
                &[
                    "Ledningen har bestämt att alla på arbetsmarknadsförvaltningen arbetar med invånarnas \
             inflytande.",
                    "Arbetsmarknadsnämnden har satt ett mål, och det mäts: av de invånare som förvaltningen \
             möter ska 50 procent svara att de kan påverka. De två åren efter det ska andelen öka.",
                ],
            ),
        ),
        (
            "dates",
            paragraph(
                "Mötet bestämde också sju datum för första halvåret. Två av dem är inte säkra än.",
            ),
        ),
    ])
}
