package org.centerloss.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.centerloss.base.Output;
import org.centerloss.cli.Main;
import org.centerloss.cli.Terminal;
import org.centerloss.report.page.RunReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the page about a run, or one that compares several. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Write an HTML page about a run, or one that compares several.",
            "The page is a single file that needs no network: open it in any browser, send it to"
                    + " anyone."
        },
        footer = {
            "",
            "Examples:",
            "  centerloss report runs/NAME            # writes runs/NAME/report.html",
            "  centerloss report runs/A runs/B        # writes comparison.html",
            "  centerloss report runs/* --out all.html"
        })
public final class ReportCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "RUN", description = "Run directories.")
    private List<Path> runs;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Where the page goes. Default: report.html in the run's directory; for several"
                            + " runs comparison.html in the working directory.")
    private Path out;

    @Override
    public Integer call() {
        if (out != null) {
            Output.requireWritable(out);
        }
        boolean one = runs.size() == 1;
        Path usual = one ? RunReport.file(runs.get(0)) : Path.of("comparison.html");
        Path page = out != null ? out : usual;
        Optional<String> trouble =
                one ? RunReport.write(runs.get(0), page).trouble() : RunReport.compare(runs, page);
        trouble.ifPresent(line -> spec.commandLine().getErr().println("centerloss: note: " + line));
        Terminal.printer(spec.commandLine(), List.of(page)).printf("report: %s%n", page);
        return Main.SUCCESS;
    }
}
