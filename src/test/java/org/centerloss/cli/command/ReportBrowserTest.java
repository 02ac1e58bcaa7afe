package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.centerloss.cli.Main;
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
    private static final String HOSTILE = "<img src=x onerror=console.error(1)>";
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
        Path images = images();
        flat = train(images, 2);
        wide = train(images, 5);
        comparison = folder.resolve("comparison.html");
        run("report", flat.toString(), wide.toString(), "--out", comparison.toString());
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    /** Two classes of eight 12×12 images, the name of one of them HTML. */
    private static Path images() throws IOException {
        Path root = folder.resolve("images");
        for (String name : List.of(HOSTILE, "light")) {
            Path own = Files.createDirectories(root.resolve(name));
            for (int i = 0; i < 8; i++) {
                BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_BYTE_GRAY);
                image.getRaster().setSample(i, i, 0, name.equals(HOSTILE) ? 10 + i : 200 + i);
                ImageIO.write(image, "png", own.resolve(i + ".png").toFile());
            }
        }
        return root;
    }

    private static Path train(Path images, int features) {
        Path run = folder.resolve("run-" + features);
        run(
                "train",
                "--device",
                "cpu",
                "--dataset",
                images.toString(),
                "--feat-dim",
                String.valueOf(features),
                "--batch-size",
                "4",
                "--epochs",
                "3",
                "--log-interval",
                "1",
                "--out",
                run.toString());
        return run;
    }

    private static void run(String... args) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text, true);
        assertEquals(0, Main.run(out, out, args), text::toString);
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
            List<?> broken =
                    (List<?>)
                            browser.run(
                                    """
                                    return Promise.all([...document.images].map(image =>
                                        image.decode().then(() => image.naturalWidth > 0 ? '' : image.alt, () => image.alt)
                                    )).then(all => all.filter(alt => alt !== ''))
                                    """);
            assertEquals(List.of(), broken, which);
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
                    leastContrast(
                                    "[...document.querySelectorAll('h1,h2,h3,p,a,dt,dd,small,figcaption,th,td')].map(e => getComputedStyle(e).color)")
                            >= READABLE_TEXT);
            assertTrue(
                    leastContrast(
                                    "['--accent','--run-0','--run-1','--run-2','--run-3','--run-4','--run-5','--run-6','--run-7'].map(name => { document.body.style.outlineColor = `var(${name})`; return getComputedStyle(document.body).outlineColor; })")
                            >= READABLE_LINE);
        }
        assertNotEquals(backgrounds.get(0), backgrounds.get(1));
    }

    /** The least contrast ratio (WCAG 2.2) between the page's background and some colours. */
    private static double leastContrast(String colours) {
        Object least =
                browser.run(
                        """
                        const luminance = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(c => {
                            const part = c / 255;
                            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
                        }).reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
                        const paper = luminance(getComputedStyle(document.body).backgroundColor);
                        return Math.min(...%s.map(colour => {
                            const own = luminance(colour);
                            return (Math.max(own, paper) + 0.05) / (Math.min(own, paper) + 0.05);
                        }));
                        """
                                .formatted(colours));
        return ((Number) least).doubleValue();
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

    private static List<String> shown(int chart) {
        return browser
                .driver()
                .findElements(By.cssSelector(".chart"))
                .get(chart)
                .findElements(By.cssSelector(".u-value"))
                .stream()
                .map(WebElement::getText)
                .toList();
    }

    private static WebElement firstPlot() {
        WebElement plot = browser.driver().findElement(By.cssSelector(".chart .u-over"));
        browser.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", plot);
        return plot;
    }

    @Test
    void pointingAtACurveShowsTheValuesOfThatEpoch() {
        browser.open(RunReport.file(flat), "light", 1400);
        List<String> last = expected(3);
        assertEquals("last", shown(0).get(0), "nothing pointed at");
        assertEquals(last.subList(1, 4), shown(0).subList(1, 4));
        WebElement plot = firstPlot();
        new Actions(browser.driver()).moveToElement(plot).perform();
        assertEquals(expected(2), shown(0));
        assertEquals("2", shown(1).get(0), "cursors of charts over epochs move together");
        int edge = plot.getSize().width / 2 - 3;
        new Actions(browser.driver()).moveToElement(plot, -edge, 0).perform();
        assertEquals(expected(1), shown(0));
    }

    @Test
    void touchingACurveShowsTheValuesOfThatEpoch() {
        browser.open(RunReport.file(flat), "dark", 360);
        WebElement plot = firstPlot();
        List<?> left =
                (List<?>)
                        browser.run(
                                "const box = arguments[0].getBoundingClientRect(); return [box.left, box.top]",
                                plot);
        browser.touch(
                ((Number) left.get(0)).doubleValue() + 3,
                ((Number) left.get(1)).doubleValue() + 20);
        assertEquals(expected(1), shown(0));
    }

    @Test
    void arrowKeysMoveAlongACurve() {
        browser.open(RunReport.file(flat), "light", 1400);
        WebElement chart = browser.driver().findElement(By.cssSelector(".chart"));
        chart.sendKeys(org.openqa.selenium.Keys.ARROW_RIGHT);
        assertEquals(expected(1), shown(0));
        chart.sendKeys(org.openqa.selenium.Keys.ARROW_RIGHT);
        assertEquals(expected(2), shown(0));
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
