package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A Chromium without a window. */
final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Would warn of every Chromium that is newer than itself. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;

    /**
     * Starts one; skips the test where none is installed.
     *
     * @param profile an empty folder
     */
    Browser(Path profile) {
        Optional<File> chromium = find("chromium", "chromium-browser", "google-chrome");
        Optional<File> chromeDriver = find("chromedriver");
        assumeTrue(
                chromium.isPresent() && chromeDriver.isPresent(),
                "skipped: needs chromium and chromedriver (Debian: chromium, chromium-driver)");
        SELENIUM.setLevel(Level.SEVERE);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.get());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        driver =
                new ChromeDriver(
                        new ChromeDriverService.Builder()
                                .usingDriverExecutable(chromeDriver.get())
                                .withSilent(true)
                                .build(),
                        options);
        // What a new browser shows asks for much of its own.
        driver.get("about:blank");
    }

    private static Optional<File> find(String... names) {
        return Stream.of(names)
                .flatMap(
                        name ->
                                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                                        .map(folder -> new File(folder, name)))
                .filter(File::canExecute)
                .findFirst();
    }

    ChromeDriver driver() {
        return driver;
    }

    /** Opens a page on a screen of that width. */
    void open(Path page, String scheme, int width) {
        media("prefers-color-scheme", scheme);
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", false));
        driver.manage().logs().get(LogType.BROWSER);
        driver.manage().logs().get(LogType.PERFORMANCE);
        driver.get(page.toUri().toString());
    }

    /** What the page is told of its reader's wishes. */
    void media(String feature, String value) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", feature, "value", value))));
    }

    /** What a printer gets of the page, as PDF. */
    byte[] print() {
        Object pdf =
                driver.executeCdpCommand("Page.printToPDF", Map.of("preferCSSPageSize", true))
                        .get("data");
        return Base64.getDecoder().decode((String) pdf);
    }

    /** Puts a finger on the screen. */
    void touch(double x, double y) {
        driver.executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", true));
        driver.executeCdpCommand(
                "Input.dispatchTouchEvent",
                Map.of("type", "touchStart", "touchPoints", List.of(Map.of("x", x, "y", y))));
    }

    /** The result of a script. */
    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** What the console got since the page was opened. */
    List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** What was asked for since the page was opened, but for what the page holds itself. */
    List<String> requests() throws IOException {
        List<String> addresses = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode event = JSON.readTree(entry.getMessage()).get("message");
            String address = event.at("/params/request/url").asText();
            if (event.get("method").asText().equals("Network.requestWillBeSent")
                    && !address.startsWith("data:")) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    @Override
    public void close() {
        driver.quit();
    }

    /** The least contrast ratio (WCAG 2.2) between the page's background and some colours. */
    double leastContrast(String colours) {
        Object least =
                run(
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

    /** The values that a chart shows for the epoch that is pointed at. */
    List<String> shown(int chart) {
        return driver()
                .findElements(By.cssSelector(".chart"))
                .get(chart)
                .findElements(By.cssSelector(".u-value"))
                .stream()
                .map(WebElement::getText)
                .toList();
    }

    /** The drawing of the first chart, moved into view. */
    WebElement firstPlot() {
        WebElement plot = driver().findElement(By.cssSelector(".chart .u-over"));
        run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", plot);
        return plot;
    }

    /** Descriptions of the images that cannot be shown. */
    List<?> brokenImages() {
        return (List<?>)
                run(
                        """
                                    return Promise.all([...document.images].map(image =>
                                        image.decode().then(() => image.naturalWidth > 0 ? '' : image.alt, () => image.alt)
                                    )).then(all => all.filter(alt => alt !== ''))
                                    """);
    }
}
