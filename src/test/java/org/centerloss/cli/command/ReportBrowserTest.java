package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.centerloss.report.page.RunReport;
import org.centerloss.report.page.RunResults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The report of a real run in a real browser. */
class ReportBrowserTest {
    private static final String HOSTILE = ReportedRuns.HOSTILE;
    private static final double READABLE_TEXT = 4.5;
    private static final double READABLE_LINE = 3;

    @TempDir private static Path folder;
    private static Browser browser;
    private static Path flat;
    private static Path wide;
    private static Path comparison;

    @BeforeAll
    static void trainAndReport() throws IOException {
        browser = new Browser(folder.resolve("profile"));
        ReportedRuns runs = new ReportedRuns(folder);
        flat = runs.train(2);
        wide = runs.train(5);
        comparison = runs.compare(flat, wide);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    private static List<Path> pages() {
        return List.of(RunReport.file(flat), RunReport.file(wide), comparison);
    }

    @ParameterizedTest
    @CsvSource({"light, 360", "dark, 390", "light, 1280", "dark, 1400"})
    void pagesAreQuietWholeAndFitTheScreen(String scheme, int width) throws IOException {
        for (Path page : pages()) {
            browser.open(page, scheme, width);
            String which = page + ", " + scheme + ", " + width;
            assertEquals(List.of(), browser.console(), which);
            assertEquals(List.of(page.toUri().toString()), browser.requests(), which);
            assertEquals(List.of(), browser.brokenImages(), which);
            assertEquals(
                    browser.run("return document.documentElement.clientWidth"),
                    browser.run("return document.documentElement.scrollWidth"),
                    which);
        }
    }

    /** What a script finds on a page of that width. */
    private static Object find(Path page, int width, String script) {
        browser.open(page, "light", width);
        return browser.run("return " + script);
    }

    @Test
    void theFeaturesComeBeforeTheCurves() {
        assertEquals(
                List.of(
                        "Summary",
                        "Features",
                        "Curves",
                        "Pictures",
                        "Classes",
                        "Epochs",
                        "Settings",
                        "Environment"),
                find(
                        RunReport.file(flat),
                        1280,
                        "[...document.querySelectorAll('section > h2')].map(e => e.textContent)"));
    }

    @Test
    void noTitleIsSaidTwice() {
        String titles = "[...document.querySelectorAll('h1, h2, h3')].map(e => e.textContent)";
        for (Path page : List.of(RunReport.file(flat), RunReport.file(wide))) {
            List<?> all = (List<?>) find(page, 1280, titles);
            assertEquals(new HashSet<>(all).size(), all.size(), all.toString());
        }
        // What the pictures' files say at their upper edge lies above what is shown of them.
        assertEquals(
                List.of(),
                find(
                        RunReport.file(wide),
                        1280,
                        """
                        [...document.querySelectorAll('figure')].filter(figure => {
                            const image = [...figure.querySelectorAll('img')].find(i => i.offsetParent);
                            const hidden = image.parentElement.getBoundingClientRect().top - image.getBoundingClientRect().top;
                            return hidden < 20 * image.width / image.naturalWidth;
                        }).map(figure => figure.textContent)
                        """));
    }

    @Test
    void picturesLinkToSvgFilesThatABrowserShows() {
        List<?> links =
                (List<?>)
                        find(
                                RunReport.file(wide),
                                1280,
                                "[...document.querySelectorAll('figure a')].map(a => a.href)");
        assertEquals(6, links.size(), links.toString());
        for (Object link : links) {
            browser.driver().get((String) link);
            assertEquals("svg", browser.run("return document.documentElement.localName"));
            assertEquals(0L, browser.run("return document.querySelectorAll('parsererror').length"));
        }
        assertEquals(2L, find(comparison, 1280, "document.querySelectorAll('figure a').length"));
    }

    @Test
    void whereThereIsMoreAtTheSideAPhoneSaysSo() {
        String cues =
                """
                [...document.querySelectorAll('.scroll')].filter(box =>
                    getComputedStyle(box, '::before').content.includes('scroll sideways')).length
                """;
        String wider =
                "[...document.querySelectorAll('.scroll')].filter(box => box.scrollWidth > box.clientWidth + 1).length";
        for (Path page : pages()) {
            Object count = find(page, 390, wider);
            assertTrue((Long) count > 0, page.toString());
            assertEquals(count, browser.run("return " + cues), page.toString());
            assertEquals(0L, find(page, 1280, wider), page + " has all in sight");
            assertEquals(0L, browser.run("return " + cues), page.toString());
        }
        browser.open(RunReport.file(wide), "light", 390);
        browser.run(
                "const box = document.querySelector('.scroll.after'); box.scrollLeft = box.scrollWidth;"
                        + " return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        assertEquals(
                1L, browser.run("return document.querySelectorAll('.before:not(.after)').length"));
    }

    @Test
    void paperIsLightHasEverythingAndNoPageEndsWithAHeading() throws IOException {
        for (Path page : pages()) {
            browser.open(page, "dark", 1280);
            List<?> headings =
                    (List<?>)
                            browser.run(
                                    "return [...document.querySelectorAll('h2, h3')].map(e => e.textContent)");
            byte[] pdf = browser.print();
            try (PDDocument document = Loader.loadPDF(pdf)) {
                String all = new PDFTextStripper().getText(document);
                assertTrue(all.contains("Features"), all);
                assertTrue(all.contains("accuracy"), all);
                for (int i = 1; i <= document.getNumberOfPages(); i++) {
                    PDFTextStripper text = new PDFTextStripper();
                    text.setStartPage(i);
                    text.setEndPage(i);
                    List<String> lines =
                            text.getText(document).lines().filter(l -> !l.isBlank()).toList();
                    assertFalse(lines.isEmpty(), page + ": an empty page");
                    String last = lines.get(lines.size() - 1).strip();
                    assertFalse(headings.contains(last), page + ", page " + i + ": " + last);
                }
                BufferedImage first = new PDFRenderer(document).renderImageWithDPI(0, 40);
                assertEquals(0xFFFFFFFF, first.getRGB(2, 2));
            }
        }
    }

    @Test
    void everyPageHasPicturesWithTextForThoseWhoDoNotSeeThem() {
        for (Path page : pages()) {
            browser.open(page, "light", 1400);
            List<WebElement> images = browser.driver().findElements(By.tagName("img"));
            assertTrue(!images.isEmpty(), page.toString());
            for (WebElement image : images) {
                assertTrue(image.getDomAttribute("alt").length() > 20, page.toString());
            }
        }
    }

    @Test
    void textIsReadableInBothSchemes() {
        List<Object> backgrounds = new ArrayList<>();
        for (String scheme : List.of("light", "dark")) {
            browser.open(RunReport.file(flat), scheme, 1400);
            backgrounds.add(browser.run("return getComputedStyle(document.body).backgroundColor"));
            assertTrue(
                    browser.leastContrast(
                                    "[...document.querySelectorAll('h1,h2,h3,p,a,dt,dd,small,figcaption,th,td')].map(e => getComputedStyle(e).color)")
                            >= READABLE_TEXT);
            assertTrue(
                    browser.leastContrast(
                                    "['--accent','--run-0','--run-1','--run-2','--run-3','--run-4','--run-5','--run-6','--run-7'].map(name => { document.body.style.outlineColor = `var(${name})`; return getComputedStyle(document.body).outlineColor; })")
                            >= READABLE_LINE);
        }
        assertNotEquals(backgrounds.get(0), backgrounds.get(1));
    }

    /** The line below the first chart's heading for an epoch, by the files. */
    private static List<String> expected(int epoch) {
        RunResults run = RunResults.read(flat);
        return List.of(
                String.valueOf(epoch),
                percent(run.epochs("test_accuracy")[epoch - 1]),
                percent(run.epochs(run.otherAccuracy().orElseThrow())[epoch - 1]),
                percent(run.epochs("train_accuracy")[epoch - 1]));
    }

    private static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * fraction);
    }

    @Test
    void pointingAtACurveShowsTheValuesOfThatEpoch() {
        browser.open(RunReport.file(flat), "light", 1400);
        List<String> last = expected(3);
        assertEquals("last", browser.shown(0).get(0), "nothing pointed at");
        assertEquals(last.subList(1, 4), browser.shown(0).subList(1, 4));
        WebElement plot = browser.firstPlot();
        new Actions(browser.driver()).moveToElement(plot).perform();
        assertEquals(expected(2), browser.shown(0));
        assertEquals("2", browser.shown(1).get(0), "cursors of charts over epochs move together");
        int edge = plot.getSize().width / 2 - 3;
        new Actions(browser.driver()).moveToElement(plot, -edge, 0).perform();
        assertEquals(expected(1), browser.shown(0));
    }

    @Test
    void touchingACurveShowsTheValuesOfThatEpoch() {
        browser.open(RunReport.file(flat), "dark", 360);
        WebElement plot = browser.firstPlot();
        List<?> left =
                (List<?>)
                        browser.run(
                                "const box = arguments[0].getBoundingClientRect(); return [box.left, box.top]",
                                plot);
        browser.touch(
                ((Number) left.get(0)).doubleValue() + 3,
                ((Number) left.get(1)).doubleValue() + 20);
        assertEquals(expected(1), browser.shown(0));
    }

    @Test
    void arrowKeysMoveAlongACurve() {
        browser.open(RunReport.file(flat), "light", 1400);
        WebElement chart = browser.driver().findElement(By.cssSelector(".chart"));
        chart.sendKeys(org.openqa.selenium.Keys.ARROW_RIGHT);
        assertEquals(expected(1), browser.shown(0));
        chart.sendKeys(org.openqa.selenium.Keys.ARROW_RIGHT);
        assertEquals(expected(2), browser.shown(0));
    }

    @Test
    void whoWantsNoMotionGetsNone() {
        browser.open(RunReport.file(flat), "light", 1400);
        String moving =
                "return [...document.images].filter(i => i.offsetParent && i.src.startsWith('data:image/gif')).length";
        assertEquals(1L, browser.run(moving));
        browser.media("prefers-reduced-motion", "reduce");
        browser.run(
                "return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        assertEquals(0L, browser.run(moving));
    }

    @Test
    void namesOfUsersStayText() {
        browser.open(RunReport.file(flat), "light", 1400);
        assertTrue(
                browser.driver().findElements(By.tagName("th")).stream()
                        .anyMatch(cell -> cell.getText().equals(HOSTILE)));
    }
}
