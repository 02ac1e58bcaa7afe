package org.centerloss.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import org.centerloss.InputException;
import org.centerloss.device.DeviceException;
import org.centerloss.train.DivergenceException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program: parses the command line, runs a command, turns failures into one line. */
@Command(
        name = "centerloss",
        description =
                "Trains image embeddings with standalone center loss on a CPU, verified against a"
                        + " float64 reference.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            TrainCommand.class,
            EvaluateCommand.class,
            EmbedCommand.class,
            ExportCommand.class,
            PredictCommand.class,
            ReportCommand.class,
            VerifyCommand.class,
            BenchCommand.class,
            DevicesCommand.class,
            FetchCommand.class,
            CommandLine.HelpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success",
            "1:failure: bad data, a diverged loss, a failed verification",
            "2:the command line cannot be understood",
            "130:interrupted; a run is saved and can be resumed"
        },
        footer = {
            "",
            "Examples:",
            "  centerloss train --dataset fashion-mini --loss standalone --feat-dim 2 --epochs 12",
            "  centerloss evaluate runs/NAME",
            "  centerloss embed runs/NAME --out features.csv",
            "  centerloss predict runs/NAME photo.jpg",
            "  centerloss report runs/A runs/B",
            "  centerloss verify --device cpu"
        })
public final class Main implements Runnable {
    static final int SUCCESS = 0;
    static final int FAILURE = 1;
    static final int INTERRUPTED = 130;

    @Spec private CommandSpec spec;

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "Show where in the program a failure happened.")
    private boolean stacktrace;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command");
    }

    /** Runs the program and exits with its code. */
    public static void main(String[] args) {
        // Pictures are drawn into files; a screen, or a broken connection to one, is of no matter.
        System.setProperty("java.awt.headless", "true");
        PrintWriter out = new PrintWriter(System.out, true);
        PrintWriter err = new PrintWriter(System.err, true);
        System.exit(run(out, err, args));
    }

    /** Runs the program and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        Main main = new Main();
        return new CommandLine(main)
                .setOut(out)
                .setErr(err)
                .setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::refuse)
                .setExecutionExceptionHandler(main::report)
                .execute(Arrays.stream(args).map(Main::inKebabCase).toArray(String[]::new));
    }

    /** One line on what is wrong with the command line, and one on where to find help. */
    private static int refuse(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("centerloss: " + failure.getMessage().lines().findFirst().orElse(""));
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** {@code --feat_dim=2} as {@code --feat-dim=2}: the reference's scripts spell options so. */
    private static String inKebabCase(String argument) {
        if (!argument.startsWith("--")) {
            return argument;
        }
        int end = argument.indexOf('=');
        String name = end < 0 ? argument : argument.substring(0, end);
        return name.replace('_', '-') + argument.substring(name.length());
    }

    private int report(Exception failure, CommandLine command, ParseResult parsed)
            throws Exception {
        boolean expected =
                failure instanceof InputException
                        || failure instanceof DeviceException
                        || failure instanceof DivergenceException;
        if (stacktrace) {
            failure.printStackTrace(command.getErr());
        } else if (expected) {
            command.getErr().println("centerloss: " + failure.getMessage());
        } else {
            command.getErr()
                    .println(
                            "centerloss: internal error: "
                                    + failure
                                    + "; run again with --stacktrace and report it");
        }
        return FAILURE;
    }
}
