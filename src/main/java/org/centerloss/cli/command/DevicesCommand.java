package org.centerloss.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.centerloss.cli.Main;
import org.centerloss.cli.Terminal;
import org.centerloss.device.DeviceListing;
import org.centerloss.devices.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists what can compute here. */
@Command(
        name = "devices",
        mixinStandardHelpOptions = true,
        description = "List the devices that work here, and why others do not.",
        footer = {"", "Examples:", "  centerloss devices", "  centerloss devices --json"})
public final class DevicesCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--json",
            description =
                    "Print a JSON array instead, with name, available (true or false) and"
                            + " description of each.")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        List<DeviceListing> devices = Devices.list();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(
                    new ObjectMapper()
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsString(devices));
            return Main.SUCCESS;
        }
        for (DeviceListing device : devices) {
            String line =
                    "%-9s  %s%s"
                            .formatted(
                                    device.name(),
                                    device.available() ? "" : "not available: ",
                                    device.description());
            out.println(Terminal.wrapped(line, Terminal.width(), 11));
        }
        return Main.SUCCESS;
    }
}
