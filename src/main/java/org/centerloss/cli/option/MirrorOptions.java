package org.centerloss.cli.option;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.base.InputException;
import org.centerloss.base.UserCache;
import org.centerloss.cli.command.FetchProgress;
import org.centerloss.data.fetch.Fetch;
import org.centerloss.data.fetch.FetchSettings;
import org.centerloss.data.known.KnownDataset;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where data sets are downloaded from: options that several commands share. */
public final class MirrorOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @OptionGroup.In(OptionGroup.RARE)
    @Option(
            names = "--mirror",
            paramLabel = "URL",
            description =
                    "Download from here, not from the known mirrors: an https:// address of a folder"
                            + " that holds NAME/FILE as the user cache does (http:// for localhost"
                            + " only). May be given again for further ones. Default: the known"
                            + " mirrors.")
    private List<URI> mirrors = new ArrayList<>();

    @OptionGroup.In(OptionGroup.RARE)
    @Option(
            names = "--stall-timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description =
                    "Give a connection up that brings nothing for so long. Default:"
                            + " ${DEFAULT-VALUE}.")
    private double stallTimeout;

    /**
     * Downloads a data set, showing how it goes.
     *
     * @param dataDir the folder for it, null for the user cache
     */
    public Fetch.Outcome fetch(KnownDataset known, Path dataDir, PrintWriter err) {
        if (!(stallTimeout >= 0.001 && stallTimeout <= 86_400)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--stall-timeout: expected 0.001 to 86400 seconds, found " + stallTimeout);
        }
        Path root = dataDir != null ? dataDir : UserCache.folder(System.getenv());
        return Fetch.run(known, root, settings(), new FetchProgress(err));
    }

    private FetchSettings settings() {
        Duration stall = Duration.ofMillis(Math.round(1000 * stallTimeout));
        try {
            return FetchSettings.DEFAULT.with(mirrors, stall);
        } catch (InputException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
    }
}
