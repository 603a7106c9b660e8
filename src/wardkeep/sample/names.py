"""Names of four languages, combined by chance: no combination is meant to be anybody."""

from __future__ import annotations

from enum import StrEnum
from random import Random

import msgspec


class Tongue(StrEnum):
    """The language a person's family brought along."""

    FRENCH = "fr"
    DUTCH = "nl"
    GERMAN = "de"
    PORTUGUESE = "pt"


class NameLists(msgspec.Struct, frozen=True):
    """Given names of women and of men, family names."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


_LISTS = {
    Tongue.FRENCH: NameLists(
        women=_words(
            "Aurélie Béatrice Cécile Chloé Clémence Colette Édith Élodie Émilie Françoise "
            "Geneviève Gisèle Hélène Inès Irène Jacqueline Joëlle Léa Lucienne Maïté "
            "Marie-Thérèse Mélanie Noémie Océane Odette Régine Renée Solène Thérèse "
            "Yvette Zoé Andrée Ginette Huguette Josette Monique Simonne"
        ),
        men=_words(
            "André Aurélien Benoît Cédric Célestin Désiré Émile Étienne François Frédéric "
            "Gaëtan Gérard Gilbert Hervé Honoré Jean-François Jérôme Joël Léon Loïc Maël "
            "Marcel Mathéo Maurice Noël Octave Raphaël Raymond Rémi René Sébastien Théo "
            "Théophile Yvon"
        ),
        families=_words(
            "Bodart Bauvin Célerier Chênevert Colinet Crèvecoeur Dehaut Delépine "
            "Demarteau Dessoy Évrard Fauconnier Féron Gérardy Gillardin Goffinet Hénaux "
            "Hubermont Jacquemin Lacrosse Lambotte Lefèbvre Léonet Magnée Maréchal "
            "Mathonet Noël Œillet Paquay Piérard Pirotte Poncelet Rézette Rossignon "
            "Sauvenière Servais Théâte Thiry Vaugenée Wéry Willème Zénobe Bricourt "
            "Castagne Ducarme Falmagne Grosjean Herbiet Istace Laloux"
        ),
    ),
    Tongue.DUTCH: NameLists(
        women=_words(
            "Anneleen Annemie Ans Britt Daniëlle Els Femke Godelieve Griet Hilde Ilse "
            "Josée Karlijn Katrien Lien Lotte Maaike Marijke Mieke Nele Noëlla Paulien "
            "Reinhilde Saskia Tinne Zoë"
        ),
        men=_words(
            "Bart Bjorn Cyriel Daniël Dries Emiel Geert Gunther Ief Jef Joris Jürgen Koen "
            "Lieven Luc Maarten Michiel Pieter Raf Roel Ruben Stijn Theofiel Tijs Wannes "
            "Wouter Yannick"
        ),
        families=_words(
            "Aerts Beeckman Boeykens Caëlen Claessens Cleirbaut Daems De_Bruÿn De_Smedt "
            "De_Wachter Engelen Geerinckx Goossens Haesevoets Hoebeke Jaspers Kerckhofs "
            "Laenen Leemans Maës Michielsen Noppe Op_de_Beeck Peeters Puttemans "
            "Raeymaekers Roëll Segers Swinnen Thoelen Uyttendaele Van_den_Eynde "
            "Van_der_Auwera Van_Hoof Verlinden Vermeiren Vranckx Wauters Wijnants "
            "Zeebroeck"
        ),
    ),
    Tongue.GERMAN: NameLists(
        women=_words(
            "Annegret Bärbel Brigitte Elke Gertrud Grete Heike Hildegard Ingrid Jördis "
            "Käthe Liesel Margarethe Monika Renate Rosemarie Sigrid Ulrike Ursula "
            "Waltraud"
        ),
        men=_words(
            "Björn Detlef Dieter Ernst Friedhelm Götz Günter Hans-Jörg Heinz Horst Jörg "
            "Jürgen Karl-Heinz Klaus Lothar Manfred Matthäus Rüdiger Sören Uwe Wolfgang"
        ),
        families=_words(
            "Bäumler Breuer Drösch Eßer Förster Größer Grüneklee Häuser Heinen Hüwel "
            "Jägers Keßeler Klöckner Krämer Kürten Lüttgens Mertes Möllers Nießen Pütz "
            "Reuland Röhrig Schäfges Schlömer Schürmann Strauß Thönnes Übach Völler Weiß "
            "Wöltering Zündorf"
        ),
    ),
    Tongue.PORTUGUESE: NameLists(
        women=_words(
            "Assunção Beatriz Conceição Fátima Filomena Glória Inês Joana Lídia Lurdes "
            "Luísa Mónica Natália Piedade Rosário São Teresa Vitória Zélia"
        ),
        men=_words(
            "Adão Álvaro Américo António Armindo Cândido Estêvão Fábio Fernão Hélder "
            "Inácio João Joaquim José Júlio Luís Mário Rúben Simão Tomé Valério"
        ),
        families=_words(
            "Abrunhosa Baião Bragança Brandão Cabeço Carvão Conceição Damião Falcão "
            "Figueirão Gonçalo Guimarães Leitão Magalhães Mourão Negrão Patrício Pimentão "
            "Quintão Romão Salomão Simões Teixeirão Valadão Varão Viçoso"
        ),
    ),
}

# Shares of families on the river where three countries meet; invented for the sample.
_SHARES = (
    (Tongue.FRENCH, 64),
    (Tongue.DUTCH, 12),
    (Tongue.GERMAN, 10),
    (Tongue.PORTUGUESE, 14),
)


class PersonNames(msgspec.Struct, frozen=True):
    """One person's names and the language they speak at the bedside."""

    family: str
    given: str
    tongue: Tongue


def draw_tongue(chance: Random) -> Tongue:
    """Return a language by the shares of the region."""
    return chance.choices([t for t, _ in _SHARES], [share for _, share in _SHARES])[0]


def draw_names(chance: Random, sex: str, tongue: Tongue | None = None) -> PersonNames:
    """Return names for a woman ("F") or a man ("M"), a third with a double family name."""
    spoken = tongue or draw_tongue(chance)
    lists = _LISTS[spoken]
    given = chance.choice(lists.women if sex == "F" else lists.men)
    family = chance.choice(lists.families)
    if chance.random() < 1 / 3:
        second = chance.choice(lists.families)
        join = " " if spoken is Tongue.PORTUGUESE else "-"
        family = f"{family}{join}{second}" if second != family else family
    return PersonNames(family, given, spoken)
