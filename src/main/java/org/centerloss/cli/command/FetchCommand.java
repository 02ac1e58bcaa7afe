package org.centerloss.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.centerloss.cli.Main;
import org.centerloss.cli.option.MirrorOptions;
import org.centerloss.cli.option.TrainOptions;
import org.centerloss.data.Datasets;
import org.centerloss.data.fetch.Fetch;
import org.centerloss.data.known.KnownDataset;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Downloads data sets. */
@Command(
        name = "fetch",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Download data sets to where train and evaluate find them.",
            "Mirrors are asked in turn. A download that breaks off goes on where it stopped, also"
                    + " when the command is given again. The published SHA-256 is checked before a"
                    + " file gets its name; what is there and whole is not downloaded again.",
            "Only HTTPS is used, through the proxy that https_proxy (but for hosts in no_proxy) or"
                    + " Java's https.proxyHost names."
        },
        footer = {
            "",
            "Examples:",
            "  centerloss fetch fashion-mnist",
            "  centerloss fetch mnist fashion-mnist cifar-10 --data-dir ~/data",
            "  centerloss fetch mnist --mirror https://data.example.org/centerloss",
            "  centerloss train --dataset mnist --download"
        })
public final class FetchCommand implements Callable<Integer> {
    /** What can be fetched, for help and completion. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(Fetch.names());
        }
    }

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            arity = "1..*",
            completionCandidates = Names.class,
            description = "${COMPLETION-CANDIDATES}.")
    private List<String> names;

    @Option(
            names = "--data-dir",
            paramLabel = "FOLDER",
            description =
                    "Put them here, each in a folder with its name. Default: the user's cache:"
                            + " $$CENTERLOSS_CACHE, $$XDG_CACHE_HOME/centerloss or"
                            + " ~/.cache/centerloss.")
    private Path dataDir;

    @Mixin private MirrorOptions mirrorOptions;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        for (String name : names) {
            TrainOptions.requireName(spec, "NAME", name, Datasets.names());
        }
        for (String name : names) {
            KnownDataset known = KnownDataset.of(name).orElseThrow();
            out.println(
                    name + ": " + (Fetch.isRemote(known) ? fetch(known) : "part of the program"));
        }
        return Main.SUCCESS;
    }

    private String fetch(KnownDataset known) {
        Fetch.Outcome outcome = mirrorOptions.fetch(known, dataDir, spec.commandLine().getErr());
        return outcome.fetched() == 0
                ? "already in %s, verified".formatted(outcome.folder())
                : "in %s, verified; %d of %d files downloaded"
                        .formatted(outcome.folder(), outcome.fetched(), outcome.files());
    }
}
