package org.centerloss.cli;

import java.io.FileDescriptor;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.centerloss.base.InputException;
import org.centerloss.base.JavaMemory;
import org.centerloss.cli.command.BenchCommand;
import org.centerloss.cli.command.DevicesCommand;
import org.centerloss.cli.command.EmbedCommand;
import org.centerloss.cli.command.EvaluateCommand;
import org.centerloss.cli.command.ExportCommand;
import org.centerloss.cli.command.FetchCommand;
import org.centerloss.cli.command.PredictCommand;
import org.centerloss.cli.command.ReportCommand;
import org.centerloss.cli.command.ReproduceCommand;
import org.centerloss.cli.command.TrainCommand;
import org.centerloss.cli.command.VerifyCommand;
import org.centerloss.cli.option.ConfigFile;
import org.centerloss.cli.option.OptionGroup;
import org.centerloss.cli.option.OptionHelp;
import org.centerloss.cli.option.OptionValues;
import org.centerloss.device.DeviceException;
import org.centerloss.train.DivergenceException;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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
                "Trains image embeddings with standalone center loss on an NVIDIA GPU or a CPU,"
                        + " verified against a float64 reference.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            TrainCommand.class,
            ReproduceCommand.class,
            EvaluateCommand.class,
            EmbedCommand.class,
            ExportCommand.class,
            PredictCommand.class,
            ReportCommand.class,
            VerifyCommand.class,
            BenchCommand.class,
            DevicesCommand.class,
            FetchCommand.class,
            AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success",
            "1:failure: bad data, a diverged loss, a failed verification",
            "2:the command line cannot be understood",
            "130:interrupted; a run is saved and can be resumed",
            "141:nobody reads the output any more; a run is saved as well"
        },
        footer = {
            "",
            "Examples:",
            "  centerloss train --dataset fashion-mini --loss standalone --epochs 12",
            "  centerloss evaluate runs/NAME",
            "  centerloss embed runs/NAME --out features.csv",
            "  centerloss predict runs/NAME photo.jpg",
            "  centerloss report runs/A runs/B",
            "  centerloss verify --device cpu",
            "  source <(centerloss generate-completion)"
        })
public final class Main implements Runnable {
    public static final int SUCCESS = 0;
    public static final int FAILURE = 1;
    public static final int INTERRUPTED = 130;

    @Spec private CommandSpec spec;

    @OptionGroup.In(OptionGroup.RARE)
    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "Show where in the program a failure happened.")
    private boolean stacktrace;

    @OptionGroup.In(OptionGroup.RESUMING)
    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = {
                "Take options from a JSON object such as {\"lr\": 0.003, \"feat-dim\": 2}, or from"
                        + " a run's config.json, which repeats that run. What stands on the command"
                        + " line goes before it. Default: no file."
            })
    private Path config;

    private ConfigFile configFile;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command");
    }

    /** Runs the program and exits with its code; 1 where standard output did not take it all. */
    public static void main(String[] args) {
        // Pictures are drawn into files; a screen, or a broken connection to one, is of no matter.
        System.setProperty("java.awt.headless", "true");
        StandardStream output = new StandardStream(FileDescriptor.out);
        System.setOut(output.printer());
        System.setErr(new StandardStream(FileDescriptor.err).printer());
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        noteNamesNotInUtf8(err);
        int code = run(out, err, args);
        out.flush();
        if (output.isReaderGone()) {
            code = StandardStream.READER_GONE;
        } else if (output.failure() != null) {
            err.println(
                    "centerloss: standard output cannot be written: "
                            + output.failure().getMessage());
            code = Math.max(code, FAILURE);
        }
        System.exit(code);
    }

    /** The launcher sees to the locale; a JVM that somebody starts in another way may not. */
    private static void noteNamesNotInUtf8(PrintWriter err) {
        String encoding = System.getProperty("sun.jnu.encoding");
        if (!Charset.forName(encoding).equals(StandardCharsets.UTF_8)) {
            err.printf(
                    "centerloss: note: this JVM takes file names for %s, so other letters in them are"
                            + " lost; start scripts/centerloss, or set LC_ALL=C.UTF-8%n",
                    encoding);
        }
    }

    /** Runs the program and returns its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        return new Main().runOn(new Console(out), new Console(err), args);
    }

    private int runOn(PrintWriter out, PrintWriter err, String... args) {
        // Whatever is printed, written or named has one form in every locale: digits are ASCII.
        Locale.setDefault(Locale.ROOT);
        String[] arguments = Arrays.stream(args).map(Main::inKebabCase).toArray(String[]::new);
        CommandLine command = commandLine(out, err);
        try {
            configure(command, Map.of(), arguments);
        } catch (InputException e) {
            return refuse(new ParameterException(command, e.getMessage()));
        }
        command.setParameterExceptionHandler(
                (failure, ignored) ->
                        refuse(
                                failure instanceof UnmatchedArgumentException unmatched
                                        ? new ParameterException(
                                                failure.getCommandLine(),
                                                UnknownArgument.message(unmatched, List.of(args)))
                                        : failure));
        try {
            return command.execute(arguments);
        } catch (Error e) {
            return report(e, command, null);
        }
    }

    /**
     * The train command as a command line makes it, for others to run.
     *
     * @param values of options by name without dashes, which go before those of {@code --config}
     * @throws ParameterException if the arguments or values cannot be understood
     */
    public static TrainCommand training(
            PrintWriter out, PrintWriter err, Map<String, String> values, String... arguments) {
        Main main = new Main();
        CommandLine command = main.commandLine(out, err);
        main.configure(command, values, arguments);
        ParseResult parsed = command.parseArgs(arguments);
        return (TrainCommand) parsed.subcommand().commandSpec().userObject();
    }

    private CommandLine commandLine(PrintWriter out, PrintWriter err) {
        CommandLine command = new CommandLine(this);
        OptionHelp.install(command);
        return command.setOut(out)
                .setErr(err)
                .setUsageHelpAutoWidth(true)
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(this::report)
                .setExecutionStrategy(this::execute);
    }

    /** Has options that the arguments do not give take their values from elsewhere. */
    private void configure(CommandLine command, Map<String, String> values, String... arguments) {
        configFile = ConfigFile.of(arguments);
        command.setDefaultValueProvider(
                argument -> {
                    String value =
                            argument instanceof OptionSpec option
                                    ? values.get(OptionValues.name(option))
                                    : null;
                    return value != null ? value : configFile.defaultValue(argument);
                });
    }

    private int execute(ParseResult parsed) {
        ParseResult innermost = parsed;
        while (innermost.hasSubcommand()) {
            innermost = innermost.subcommand();
        }
        if (innermost != parsed) {
            configFile.requireOptionsOf(innermost.commandSpec());
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    /** One line on what is wrong with the command line, and one on where to find help. */
    private int refuse(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("centerloss: " + placed(failure.getMessage()));
        err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** A message, with the place in the configuration file that it is about. */
    private String placed(String message) {
        return configFile == null ? message : message + configFile.origin(message);
    }

    /** {@code --feat_dim=2} as {@code --feat-dim=2}: the reference's scripts spell options so. */
    public static String inKebabCase(String argument) {
        if (!argument.startsWith("--")) {
            return argument;
        }
        int end = argument.indexOf('=');
        String name = end < 0 ? argument : argument.substring(0, end);
        return name.replace('_', '-') + argument.substring(name.length());
    }

    /** One line on a failure, unless --stacktrace asks for the whole of it. */
    private int report(Throwable failure, CommandLine command, ParseResult parsed) {
        boolean expected =
                failure instanceof InputException
                        || failure instanceof DeviceException
                        || failure instanceof DivergenceException;
        if (stacktrace) {
            failure.printStackTrace(command.getErr());
        } else if (expected) {
            command.getErr().println("centerloss: " + placed(failure.getMessage()));
        } else if (failure instanceof OutOfMemoryError) {
            command.getErr().println("centerloss: out of memory: " + JavaMemory.remedy());
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
