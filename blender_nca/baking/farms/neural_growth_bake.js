// SPDX-License-Identifier: GPL-3.0-or-later
// A job type of Flamenco: bakes what grows in a .blend file, a chunk of frames a task. The workers' Blender has Neural
// Growth. Put this file into the folder "scripts" beside Flamenco Manager, and start it again.

const JOB_TYPE = {
  label: "Neural Growth Bake",
  description: "Bake the growths of the file, each task a chunk of frames.",
  settings: [
    {
      key: "frames",
      type: "string",
      required: true,
      eval: "f'{C.scene.frame_start}-{C.scene.frame_end}'",
      evalInfo: { showLinkButton: true, description: "The scene's frames" },
      description: "Frames of the scene, those that Bake in the file names or some of them: 1-250",
    },
    {
      key: "chunk_size",
      type: "int32",
      default: 25,
      propargs: { min: 1 },
      description: "Frames a task. Each starts Blender once",
      visible: "submission",
    },
    {
      key: "blendfile",
      type: "string",
      required: true,
      visible: "web",
      description: "The .blend file",
    },
    {
      key: "material",
      type: "string",
      default: "",
      description: "Name of the one material to bake. Empty: all that grow",
    },
    {
      key: "preset",
      type: "string",
      default: "",
      description: "For which program, as in Bake > Preset. Empty: as the file says",
    },
    {
      key: "output",
      type: "string",
      subtype: "dir_path",
      default: "",
      description: "Where the textures go, for all workers. Empty: as the file says",
    },
    {
      key: "states",
      type: "string",
      subtype: "dir_path",
      default: "",
      description: "A folder of all workers, where chunks leave the states that others begin with. Empty: none",
    },
  ],
};

function compileJob(job) {
  const settings = job.settings;
  for (const chunk of frameChunker(settings.frames, settings.chunk_size)) {
    // of one frame it gives the frame, of frames apart from each other a list
    for (const run of chunk.split(",")) {
      job.addTask(bakeTask(settings, run));
    }
  }
}

function bakeTask(settings, chunk) {
  const told = ["--chunk=" + chunk];
  for (const name of ["material", "preset", "states"]) {
    if (settings[name]) {
      told.push("--" + name, settings[name]);
    }
  }
  if (settings.output) {
    told.push("--out", settings.output);
  }
  const task = author.Task("bake-" + chunk, "blender");
  const args = ["-b", settings.blendfile, "--command", "nca_bake", ...told];
  task.addCommand(author.Command("exec", { exe: "{blender}", args: args }));
  return task;
}
