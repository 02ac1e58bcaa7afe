package org.centerloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.centerloss.report.RunReport;
import org.centerloss.report.RunResults;
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
    @CsvSource({"light, 360", "dark, 360", "light, 1400", "dark, 1400"})
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
        assertEquals(List.of("last", last.get(1), last.get(2)), shown(0), "nothing pointed at");
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
                "return [...document.images].filter(i => i.currentSrc.startsWith('data:image/gif')).length";
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
